import type { Client, PasswordRefused } from '@secapi/accounts';
import { type Answer, ApiError, answer, type Exchange, type Principal } from '@secapi/core';
import { clearCookie, clearSiteData, serializeCookie } from '@secapi/http';
import { fields } from '@secapi/validation';
import * as v from 'valibot';
import type { EventCollector } from '../parts/event-collector.js';

export const refreshCookie = '__Host-refresh';
export const deviceCookie = '__Host-device';
const refreshLifetime = '14d';

// What a password must be like is the rules' business, whose refusals have codes of their own; here are only its bounds.
export const anyPassword = fields.password({ min: 0, max: 2_048 });
export const OneTimeToken = v.pipe(v.string(), v.maxLength(512));
export const Tokens = v.object({
  accessToken: v.string(),
  tokenType: v.literal('Bearer'),
  expiresIn: v.number(),
});

/** A right token of 256 bits is not guessed, so it passes a client that is past its failures. */
export const proof = { use: 'failures', block: false } as const;

/** Runs a flow with what is known of its client; the events that it raises become those of the exchange. */
export type Within = <T>(exchange: Exchange, flow: (client: Client) => Promise<T>) => Promise<T>;

export function createWithin(collector: EventCollector): Within {
  return async function within(exchange, flow) {
    const client = { address: exchange.client.address, signal: exchange.request.signal };
    return collector.within(exchange, (requestId) => flow({ ...client, requestId }));
  };
}

export function identity(principal: Principal): { subject: string; session: string } {
  return { subject: principal.id, session: principal.session ?? '' };
}

export function signedIn(
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

/** All that a browser kept of the session goes. Its cookie by name: `cookies` would take the device cookie too, which is no session. */
export function signedOut(): Answer {
  return answer(204, undefined, [
    ['set-cookie', clearCookie(refreshCookie)],
    ['clear-site-data', clearSiteData(['cache', 'storage'])],
  ]);
}

export function invalidCredentials(): ApiError {
  return new ApiError('INVALID_CREDENTIALS', {
    status: 401,
    title: 'Unauthorized',
    detail: 'The e-mail address or the password is not right.',
    headers: [['www-authenticate', 'Bearer']],
  });
}

export function tokenInvalid(): ApiError {
  return new ApiError('TOKEN_INVALID', {
    status: 400,
    title: 'Bad Request',
    detail: 'This token is unknown, used or expired.',
  });
}

export function passwordRefused({ reason, message }: PasswordRefused): ApiError {
  return new ApiError(reason, {
    status: 422,
    title: 'Unprocessable Content',
    detail: message,
    errors: [{ path: '/password', code: reason.toLowerCase(), message }],
  });
}

export function wrongPassword(): ApiError {
  return new ApiError('INVALID_CREDENTIALS', {
    status: 403,
    title: 'Forbidden',
    detail: 'The current password is not right.',
  });
}
