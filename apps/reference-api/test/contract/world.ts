import type { Api } from '../support/api.js';
import type { User } from '../support/journey.js';

/** What the claims of the contract are made about: one running API and three who use it. */
export interface World {
  readonly api: Api;
  readonly admin: User;
  readonly writer: User;
  readonly reader: User;
}

/** Gives the world, once it is there. */
export type GetWorld = () => World;
