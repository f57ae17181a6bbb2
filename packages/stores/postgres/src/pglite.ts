export { type OpenPgliteOptions, openPglite } from './open-pglite.js';
