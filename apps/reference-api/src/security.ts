import type { Log, Trail } from '@secapi/audit';
import {
  constraintErrors,
  createShield,
  type RecommendedOptions,
  recommended,
  type Shield,
} from '@secapi/core';
import type { KeyRing, RevocationStore } from '@secapi/tokens';
import type { Config } from './config.js';
import { constraints } from './domain/constraints.js';
import type { Principals } from './parts/principals.js';
import { policy } from './policy.js';

/** Who signs access tokens, and for whom. */
export const tokenNames = {
  issuer: 'urn:secapi:reference-api',
  audience: 'urn:secapi:reference-api',
} as const;

/** The shield of the API: one file for the security team to read. */
export function createSecurity(
  config: Config,
  parts: {
    readonly keys: KeyRing;
    readonly principals: Principals;
    readonly revocations: RevocationStore;
    readonly limits: NonNullable<RecommendedOptions['stores']>['limits'];
    readonly trail: Trail;
    readonly log: Log;
  },
): Shield {
  const { keys, principals, revocations, limits, trail, log } = parts;
  return createShield(
    recommended({
      origins: config.origins,
      tokens: { keys, ...tokenNames, maxLifetime: '15m' },
      policy,
      principal: (claims) => principals.of(claims),
      limits: {
        api: { limit: config.apiLimit, window: '15m', paths: ['/api/'] },
        // Failed logins, refreshes, resets and verifications of one client, together.
        failures: { limit: config.loginLimit, window: '1h', count: 'failures', on: 'route' },
        // A stolen access token is no way to guess the password that it doesn't hold.
        'current-password': {
          limit: config.loginLimit,
          window: '1h',
          by: 'principal',
          count: 'failures',
          on: 'route',
        },
        // Everybody can send reports, and browsers send them in batches.
        reports: { limit: 60, window: '1m', on: 'route' },
      },
      stores: { revocations, ...(limits ? { limits } : {}) },
      // Data and errors load nothing; pages run what bears their nonce. What browsers stop, they tell.
      headers: { pages: 'page', reports: { url: '/reports' } },
      trustProxy: config.trustProxy,
      httpsOnly: config.production,
      cors: {
        methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
        headers: ['Content-Type', 'Authorization'],
      },
      mapErrors: [constraintErrors(constraints)],
      trail,
      log,
    }),
  );
}
