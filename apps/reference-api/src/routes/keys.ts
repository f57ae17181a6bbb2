import { ApiError, answer, route } from '@secapi/core';
import type { ManagedKeyRing } from '@secapi/tokens';
import * as v from 'valibot';
import { type AppRoute, define } from './app-route.js';
import { ById } from './schemas.js';

const KeyItem = v.object({
  kid: v.string(),
  alg: v.string(),
  phase: v.string(),
  activeAt: v.string(),
  retireAt: v.nullable(v.string()),
});
const Rotation = v.object({ kid: v.string(), activeAt: v.string() });

/** What administrators do with the keys that sign access tokens: see them, have a new one made before its time, and drop a stolen one. */
export function keyRoutes(keys: ManagedKeyRing): AppRoute[] {
  return [
    define(
      'GET',
      '/api/keys',
      route({ access: 'key:read', returns: v.object({ items: v.array(KeyItem) }) }),
      () => ({
        items: keys.keys().map(({ kid, alg, phase, activeAt, retireAt }) => ({
          kid,
          alg,
          phase,
          activeAt: new Date(activeAt).toISOString(),
          retireAt: retireAt === undefined ? null : new Date(retireAt).toISOString(),
        })),
      }),
    ),
    define(
      'POST',
      '/api/keys/rotate',
      // A stolen access token is not enough: whoever does this has given the password within five minutes.
      route({ access: 'key:rotate', signedInWithin: '5m', returns: Rotation }),
      async ({ exchange }) => {
        const { kid, activeAt } = await keys.rotate();
        exchange.raise({
          event: 'authz_admin',
          outcome: 'success',
          target: kid,
          details: { action: 'key_rotated' },
        });
        return answer(202, { kid, activeAt: new Date(activeAt).toISOString() });
      },
    ),
    define(
      'DELETE',
      '/api/keys/:id',
      route({ access: 'key:rotate', signedInWithin: '5m', params: ById }),
      async ({ params, exchange }) => {
        if (!(await keys.retire(params.id))) throw new ApiError('NOT_FOUND');
        exchange.raise({
          event: 'authz_admin',
          outcome: 'success',
          target: params.id,
          details: { action: 'key_retired' },
        });
        return answer(204);
      },
    ),
  ];
}
