export {
  hardenServer,
  type LastResortOptions,
  lastResort,
  type ServerBounds,
  type StopBounds,
  stoppable,
} from '@secapi/node';
export { type KoaHandler, type KoaProtect, type KoaSecapi, secapi } from './secapi.js';
