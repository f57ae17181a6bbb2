import type { Accounts, Client, PasswordRefused } from '@secapi/accounts';
import { type Answer, ApiError, answer, type Exchange, type Principal, route } from '@secapi/core';
import { clearCookie, serializeCookie } from '@secapi/http';
import { fields, strictObject } from '@secapi/validation';
import * as v from 'valibot';
import type { EventCollector } from '../parts/event-collector.js';
import { type AppRoute, define } from './app-route.js';
import { ById } from './schemas.js';

const refreshCookie = '__Host-refresh';
const deviceCookie = '__Host-device';
const refreshLifetime = '14d';

// What a password must be like is the rules' business, whose refusals have codes of their own; here are only its bounds.
const anyPassword = fields.password({ min: 0, max: 2_048 });
const Registration = strictObject({
  email: fields.email(),
  password: anyPassword,
  name: fields.personName(),
});
const Credentials = strictObject({ email: fields.email(), password: anyPassword });
const OneToken = strictObject({ token: v.pipe(v.string(), v.maxLength(512)) });
const ResetRequest = strictObject({ email: fields.email() });
const ResetConfirm = strictObject({ token: v.pipe(v.string(), v.maxLength(512)), password: anyPassword });
const PasswordChange = strictObject({ current: anyPassword, password: anyPassword });
const Tokens = v.object({ accessToken: v.string(), tokenType: v.literal('Bearer'), expiresIn: v.number() });
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

/** Signing in and out, and all that changes how one does. */
export function authRoutes(
  accounts: Accounts,
  collector: EventCollector,
  findMe: (id: string) => Promise<v.InferInput<typeof Me> | undefined>,
): AppRoute[] {
  /** Runs a flow with what is known of its client; the events that it raises become those of the exchange. */
  async function within<T>(exchange: Exchange, flow: (client: Client) => Promise<T>): Promise<T> {
    const userAgent = exchange.request.header('user-agent');
    const client = {
      address: exchange.client.address,
      requestId: exchange.id,
      ...(userAgent === undefined ? {} : { userAgent }),
    };
    return collector.within(exchange, () => flow(client));
  }

  // A guess that is past the limit is refused; a token of 256 bits is not guessed, so a right one always passes.
  const guess = { use: 'failures' };
  const proof = { use: 'failures', block: false };

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
      route({ access: 'public', body: OneToken, limit: proof }),
      async ({ body, exchange }) => {
        const outcome = await within(exchange, (client) => accounts.verifyEmail({ ...body, client }));
        if (!outcome.ok) throw tokenInvalid();
        return answer(204);
      },
    ),
    define(
      'POST',
      '/api/auth/login',
      route({ access: 'public', body: Credentials, limit: guess, returns: Tokens }),
      async ({ body, exchange }) => {
        const known = exchange.cookies()?.get(deviceCookie);
        const outcome = await within(exchange, (client) =>
          accounts.login({ ...body, deviceCookie: known, client }),
        );
        if (!outcome.ok) throw invalidCredentials();
        const { value, maxAge } = outcome.deviceCookie;
        return signedIn(outcome, [serializeCookie({ name: deviceCookie, value, path: '/', maxAge })]);
      },
    ),
    define(
      'POST',
      '/api/auth/refresh',
      route({ access: 'public', limit: proof, returns: Tokens }),
      async ({ exchange }) => {
        const cookies = exchange.cookies();
        if (!cookies) throw new ApiError('COOKIE_INVALID');
        const token = cookies.get(refreshCookie) ?? '';
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
    define(
      'POST',
      '/api/auth/password-reset',
      route({ access: 'public', body: ResetRequest }),
      async ({ body, exchange }) => {
        const known = exchange.cookies()?.get(deviceCookie);
        await within(exchange, (client) =>
          accounts.requestPasswordReset({ ...body, deviceCookie: known, client }),
        );
        return answer(202, { status: 'accepted' });
      },
    ),
    define(
      'POST',
      '/api/auth/password-reset/confirm',
      route({ access: 'public', body: ResetConfirm, limit: proof }),
      async ({ body, exchange }) => {
        const outcome = await within(exchange, (client) =>
          accounts.confirmPasswordReset({ ...body, client }),
        );
        if (outcome.ok) return answer(204);
        throw outcome.reason === 'TOKEN_INVALID' ? tokenInvalid() : passwordRefused(outcome);
      },
    ),
    define(
      'POST',
      '/api/auth/change-password',
      route({ access: 'signed-in', body: PasswordChange, limit: 'current-password' }),
      async ({ body, principal, exchange }) => {
        const outcome = await within(exchange, (client) =>
          accounts.changePassword({ ...identity(principal), ...body, client }),
        );
        if (outcome.ok) return answer(204);
        if (outcome.reason !== 'INVALID_CREDENTIALS') throw passwordRefused(outcome);
        throw new ApiError('INVALID_CREDENTIALS', {
          status: 403,
          title: 'Forbidden',
          detail: 'The current password is not right.',
        });
      },
    ),
    define('GET', '/api/me', route({ access: 'signed-in', returns: Me }), async ({ principal }) => {
      const me = await findMe(principal.id);
      if (!me) throw new ApiError('NOT_FOUND');
      return me;
    }),
  ];
}

function identity(principal: Principal): { subject: string; session: string } {
  return { subject: principal.id, session: principal.session ?? '' };
}

function signedIn(
  outcome: { readonly accessToken: string; readonly expiresIn: number; readonly refreshToken: string },
  cookies: readonly string[],
): Answer {
  const { accessToken, expiresIn, refreshToken } = outcome;
  const refresh = serializeCookie({
    name: refreshCookie,
    value: refreshToken,
    path: '/',
    maxAge: refreshLifetime,
  });
  return answer(
    200,
    { accessToken, tokenType: 'Bearer', expiresIn },
    [refresh, ...cookies].map((cookie) => ['set-cookie', cookie] as const),
  );
}

/** Everything that a browser kept of the session goes; the device cookie stays, it is no session. */
function signedOut(): Answer {
  return answer(204, undefined, [
    ['set-cookie', clearCookie(refreshCookie)],
    ['clear-site-data', '"cache", "storage"'],
  ]);
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

function invalidCredentials(): ApiError {
  return new ApiError('INVALID_CREDENTIALS', {
    status: 401,
    title: 'Unauthorized',
    detail: 'The e-mail address or the password is not right.',
    headers: [['www-authenticate', 'Bearer']],
  });
}

function tokenInvalid(): ApiError {
  return new ApiError('TOKEN_INVALID', {
    status: 400,
    title: 'Bad Request',
    detail: 'This token is unknown, used or expired.',
  });
}

function passwordRefused({ reason, message }: PasswordRefused): ApiError {
  return new ApiError(reason, {
    status: 422,
    title: 'Unprocessable Content',
    detail: message,
    errors: [{ path: '/password', code: reason.toLowerCase(), message }],
  });
}
