export {
  hardenServer,
  type LastResortOptions,
  lastResort,
  type ServerBounds,
  type StopBounds,
  stoppable,
} from '@secapi/node';
export { undeclaredRoutes } from './inventory.js';
export type { ExpressHandler, ExpressProtect } from './protect.js';
export { type ExpressSecapi, secapi } from './secapi.js';
