import type { Trail } from '@secapi/audit';
import { ApiError, route } from '@secapi/core';
import { fields, strictObject } from '@secapi/validation';
import * as v from 'valibot';
import type { Accounts } from '../domain/accounts.js';
import { toPage } from '../domain/page.js';
import type { Principals } from '../parts/principals.js';
import { roles } from '../policy.js';
import { type AppRoute, define } from './app-route.js';
import { markOf } from './posts.js';
import { AccountItem, ById, PageQuery, pageOf } from './schemas.js';

const RoleChange = strictObject({ role: fields.role(roles) });
const AuditItem = v.object({
  id: v.string(),
  at: v.string(),
  event: v.string(),
  outcome: v.string(),
  actor: v.nullable(v.string()),
  target: v.nullable(v.string()),
  address: v.nullable(v.string()),
  requestId: v.nullable(v.string()),
  details: v.record(v.string(), v.unknown()),
  previousHash: v.string(),
  hash: v.string(),
});

/** What administrators do: see the accounts, grant roles, read the trail. */
export function adminRoutes(accounts: Accounts, principals: Principals, trail: Trail): AppRoute[] {
  return [
    define(
      'GET',
      '/api/users',
      route({
        access: 'user:read',
        query: PageQuery,
        reads: { items: 'user' },
        returns: pageOf(AccountItem),
        audit: 'sensitive_read',
      }),
      async ({ query }) =>
        toPage(await accounts.list({ limit: query.limit + 1, after: markOf(query.cursor) }), query.limit),
    ),
    define(
      'PATCH',
      '/api/users/:id/role',
      route({
        access: 'user:grant',
        params: ById,
        body: RoleChange,
        writes: 'user',
        reads: 'user',
        returns: AccountItem,
      }),
      async ({ params, body, exchange }) => {
        const granted = await accounts.setRole(params.id, body.role);
        if (granted.outcome === 'last_admin') throw lastAdmin();
        if (granted.outcome !== 'changed') throw new ApiError('NOT_FOUND');
        principals.forget(params.id);
        exchange.raise({
          event: 'privilege_permissions_changed',
          outcome: 'success',
          target: params.id,
          details: { role: body.role, previousRole: granted.before },
        });
        return granted.account;
      },
    ),
    define(
      'GET',
      '/api/audit',
      route({ access: 'audit:read', query: PageQuery, returns: pageOf(AuditItem), audit: 'sensitive_read' }),
      async ({ query }) => {
        const page = await trail.list({
          limit: query.limit,
          ...(query.cursor === undefined ? {} : { before: query.cursor }),
        });
        return { items: page.items, nextCursor: page.next ?? null };
      },
    ),
  ];
}

function lastAdmin(): ApiError {
  return new ApiError('LAST_ADMIN', {
    status: 409,
    title: 'Conflict',
    detail: 'The last administrator keeps the role.',
  });
}
