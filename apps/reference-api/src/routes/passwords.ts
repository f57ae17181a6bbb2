import type { Accounts } from '@secapi/accounts';
import { answer, type Exchange, route } from '@secapi/core';
import { fields, strictObject } from '@secapi/validation';
import { type AppRoute, define } from './app-route.js';
import {
  anyPassword,
  deviceCookie,
  identity,
  OneTimeToken,
  passwordRefused,
  proof,
  Tokens,
  tokenInvalid,
  type Within,
  wrongPassword,
} from './flows.js';

const ResetRequest = strictObject({ email: fields.email() });
const ResetConfirm = strictObject({ token: OneTimeToken, password: anyPassword });
const PasswordChange = strictObject({ current: anyPassword, password: anyPassword });

/** All that asks for a password of somebody known, or changes it. */
export function passwordRoutes(accounts: Accounts, within: Within): AppRoute[] {
  return [
    define(
      'POST',
      '/api/auth/password-reset',
      route({ access: 'public', body: ResetRequest }),
      async ({ body, exchange }) => {
        await within(exchange, (client) =>
          accounts.requestPasswordReset({ ...body, ...device(exchange), client }),
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
          accounts.changePassword({ ...identity(principal), ...body, ...device(exchange), client }),
        );
        if (outcome.ok) return answer(204);
        if (outcome.reason !== 'INVALID_CREDENTIALS') throw passwordRefused(outcome);
        throw wrongPassword();
      },
    ),
    define(
      'POST',
      '/api/auth/reauthenticate',
      route({
        access: 'signed-in',
        body: strictObject({ password: anyPassword }),
        limit: 'current-password',
        returns: Tokens,
      }),
      async ({ body, principal, exchange }) => {
        const outcome = await within(exchange, (client) =>
          accounts.reauthenticate({ ...identity(principal), ...body, ...device(exchange), client }),
        );
        if (!outcome.ok) throw wrongPassword();
        return { accessToken: outcome.accessToken, tokenType: 'Bearer', expiresIn: outcome.expiresIn };
      },
    ),
  ];
}

function device(exchange: Exchange): { deviceCookie: string | undefined } {
  return { deviceCookie: exchange.cookies()?.get(deviceCookie) };
}
