export {
  hardenServer,
  type LastResortOptions,
  lastResort,
  type ServerBounds,
  type StopBounds,
  stoppable,
} from '@secapi/node';
export type { FastifyHandler, FastifyNative, FastifyProtect } from './protect.js';
export { type FastifySecapi, secapi } from './secapi.js';
