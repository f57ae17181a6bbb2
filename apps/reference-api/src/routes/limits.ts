import { ApiError, answer, type LimitOperations, route } from '@secapi/core';
import { strictObject } from '@secapi/validation';
import * as v from 'valibot';
import { type AppRoute, define } from './app-route.js';

const ByName = strictObject({ name: v.pipe(v.string(), v.maxLength(32)) });
const OfSomebody = strictObject({ of: v.pipe(v.string(), v.minLength(1), v.maxLength(64)) });
const LimitItem = v.object({
  name: v.string(),
  limit: v.number(),
  remaining: v.number(),
  resetSeconds: v.number(),
});

/** What administrators do with limits: see what one has counted of an address (`api`, `failures`) or an account (`current-password`), and forget it. */
export function limitRoutes(limits: LimitOperations): AppRoute[] {
  function known(name: string): string {
    if (!limits.names.includes(name)) throw new ApiError('NOT_FOUND');
    return name;
  }

  return [
    define(
      'GET',
      '/api/limits/:name',
      route({ access: 'limit:read', params: ByName, query: OfSomebody, returns: LimitItem }),
      async ({ params, query }) => {
        const state = await limits.inspect(known(params.name), query.of);
        if (!state) throw new ApiError('NOT_FOUND');
        const { rule, remaining, resetMs } = state;
        return { name: params.name, limit: rule.limit, remaining, resetSeconds: Math.ceil(resetMs / 1_000) };
      },
    ),
    define(
      'DELETE',
      '/api/limits/:name',
      // Somebody with a stolen access token could go on guessing passwords: whoever does this has given the password within five minutes.
      route({ access: 'limit:reset', signedInWithin: '5m', params: ByName, query: OfSomebody }),
      async ({ params, query, exchange }) => {
        await limits.reset(known(params.name), query.of);
        exchange.raise({
          event: 'authz_admin',
          outcome: 'success',
          target: params.name,
          details: { action: 'limit_reset', of: query.of },
        });
        return answer(204);
      },
    ),
  ];
}
