import type { Server } from 'node:http';
import type { Shield } from '@secapi/core';
import type { AppRoute } from '../routes/app-route.js';

/** What a framework's file is given, and all that it needs. */
export interface App {
  readonly shield: Shield;
  readonly routes: readonly AppRoute[];
  /** The handler of `GET /api/undeclared`, which declares no access: it must never run. */
  readonly undeclared: () => unknown;
}

/** A server that isn't listening yet. */
export type Serve = (app: App) => Server | Promise<Server>;
