export type { FastifyHandler, FastifyNative, FastifyProtect } from './protect.js';
export { type FastifySecapi, secapi } from './secapi.js';
