export { type FastifyHandler, type FastifyProtect, type FastifySecapi, secapi } from './secapi.js';
