export { undeclaredRoutes } from './inventory.js';
export { type ExpressHandler, type ExpressProtect, type ExpressSecapi, secapi } from './secapi.js';
