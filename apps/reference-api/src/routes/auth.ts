import type { Accounts } from '@secapi/accounts';
import { ApiError, answer, route } from '@secapi/core';
import { clearCookie, serializeCookie } from '@secapi/http';
import { fields, strictObject } from '@secapi/validation';
import * as v from 'valibot';
import { type AppRoute, define } from './app-route.js';
import {
  anyPassword,
  deviceCookie,
  identity,
  invalidCredentials,
  OneTimeToken,
  passwordRefused,
  proof,
  refreshCookie,
  signedIn,
  signedOut,
  Tokens,
  tokenInvalid,
  type Within,
} from './flows.js';
import { ById, Visitor } from './schemas.js';

const Registration = strictObject({
  email: fields.email(),
  password: anyPassword,
  name: fields.personName(),
});
const Credentials = strictObject({ email: fields.email(), password: anyPassword });
// Whether it is a token is the store's to say: what isn't one is a token that nobody has.
const RefreshCookie = strictObject({ [refreshCookie]: v.optional(v.string(), '') });
const Me = v.object({
  id: v.string(),
  email: v.string(),
  name: v.string(),
  role: v.string(),
  emailVerified: v.boolean(),
});
const SessionList = v.object({
  items: v.array(
    v.object({
      id: v.string(),
      createdAt: v.string(),
      lastUsedAt: v.string(),
      expiresAt: v.string(),
      userAgent: v.nullable(v.string()),
      address: v.nullable(v.string()),
      current: v.boolean(),
    }),
  ),
});

/** Signing in and out. */
export function authRoutes(
  accounts: Accounts,
  within: Within,
  findMe: (id: string) => Promise<v.InferInput<typeof Me> | undefined>,
): AppRoute[] {
  return [
    define(
      'POST',
      '/api/auth/register',
      route({ access: 'public', body: Registration }),
      async ({ body, exchange }) => {
        const outcome = await within(exchange, (client) => accounts.register({ ...body, client }));
        if (outcome.ok) return answer(202, { status: 'accepted' });
        if (outcome.reason !== 'EMAIL_INVALID') throw passwordRefused(outcome);
        throw new ApiError('VALIDATION_FAILED', {
          errors: [{ path: '/email', code: 'format', message: 'This is not an e-mail address.' }],
        });
      },
    ),
    define(
      'POST',
      '/api/auth/verify-email',
      route({ access: 'public', body: strictObject({ token: OneTimeToken }), limit: proof }),
      async ({ body, exchange }) => {
        const outcome = await within(exchange, (client) => accounts.verifyEmail({ ...body, client }));
        if (!outcome.ok) throw tokenInvalid();
        return answer(204);
      },
    ),
    define(
      'POST',
      '/api/auth/login',
      route({ access: 'public', headers: Visitor, body: Credentials, limit: 'failures', returns: Tokens }),
      async ({ headers, body, exchange }) => {
        const cookies = exchange.cookies(); // not declared: no cookie of another's may keep anybody from signing in
        const userAgent = headers['user-agent'];
        const known = {
          deviceCookie: cookies?.get(deviceCookie),
          refreshToken: cookies?.get(refreshCookie),
        };
        const outcome = await within(exchange, (client) =>
          accounts.login({ ...body, ...known, client: { ...client, userAgent } }),
        );
        if (!outcome.ok) throw invalidCredentials();
        const { value, maxAge } = outcome.deviceCookie;
        return signedIn(outcome, [serializeCookie({ name: deviceCookie, value, path: '/', maxAge })]);
      },
    ),
    define(
      'POST',
      '/api/auth/refresh',
      route({ access: 'public', cookies: RefreshCookie, limit: proof, returns: Tokens }),
      async ({ cookies, exchange }) => {
        const token = cookies[refreshCookie];
        const outcome = await within(exchange, (client) =>
          accounts.refresh({ token, receivedAt: exchange.receivedAt, client }),
        );
        if (outcome.ok) return signedIn(outcome, []);
        throw new ApiError(outcome.reason, {
          status: 401,
          title: 'Unauthorized',
          detail:
            outcome.reason === 'REFRESH_REUSED'
              ? 'This refresh token was used before; its session is ended.'
              : 'This refresh token is not valid.',
          headers: [
            ['www-authenticate', 'Bearer'],
            ['set-cookie', clearCookie(refreshCookie)],
          ],
        });
      },
    ),
    define('POST', '/api/auth/logout', route({ access: 'signed-in' }), async ({ principal, exchange }) => {
      await within(exchange, (client) => accounts.logout({ ...identity(principal), client }));
      return signedOut();
    }),
    define(
      'POST',
      '/api/auth/logout-all',
      route({ access: 'signed-in' }),
      async ({ principal, exchange }) => {
        await within(exchange, (client) => accounts.logoutAll({ ...identity(principal), client }));
        return signedOut();
      },
    ),
    define(
      'GET',
      '/api/auth/sessions',
      route({ access: 'signed-in', returns: SessionList }),
      async ({ principal }) => {
        const sessions = await accounts.sessions(identity(principal));
        return { items: sessions.map(sessionView) };
      },
    ),
    define(
      'DELETE',
      '/api/auth/sessions/:id',
      route({ access: 'signed-in', params: ById }),
      async ({ principal, params, exchange }) => {
        const outcome = await within(exchange, (client) =>
          accounts.endSession({ ...identity(principal), id: params.id, client }),
        );
        if (!outcome.ok) throw new ApiError('NOT_FOUND');
        return answer(204);
      },
    ),
    define('GET', '/api/me', route({ access: 'signed-in', returns: Me }), async ({ principal }) => {
      const me = await findMe(principal.id);
      if (!me) throw new ApiError('NOT_FOUND');
      return me;
    }),
  ];
}

function sessionView(
  session: Awaited<ReturnType<Accounts['sessions']>>[number],
): v.InferInput<typeof SessionList>['items'][number] {
  return {
    id: session.id,
    createdAt: new Date(session.createdAt).toISOString(),
    lastUsedAt: new Date(session.lastUsedAt).toISOString(),
    expiresAt: new Date(session.expiresAt).toISOString(),
    userAgent: session.device.userAgent ?? null,
    address: session.device.address ?? null,
    current: session.current,
  };
}
