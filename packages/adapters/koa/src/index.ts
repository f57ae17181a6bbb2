export { type KoaHandler, type KoaProtect, type KoaSecapi, secapi } from './secapi.js';
