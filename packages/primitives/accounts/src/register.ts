import { randomToken, sha256, toHex, uuidv7 } from '@secapi/kernel';
import { canonicalEmail } from './email.js';
import type { PasswordRefused, Refused } from './errors.js';
import type { Client } from './events.js';
import { sendMail, takeMail, type Wiring } from './internal/wiring.js';
import { toPublicAccount } from './public-account.js';
import type { PublicAccount } from './types.js';

/** Somebody who wants an account. */
export interface RegisterInput {
  readonly email: string;
  readonly password: string;
  readonly name: string;
  readonly client?: Client | undefined;
}

/**
 * Notes a registration and mails its token, or, if the address has an account, mails that instead.
 *
 * The answer and the work before it are the same in both cases: one hash, one record. Which of the two it is, is found
 * out afterwards and told to the address alone.
 */
export async function register(
  wiring: Wiring,
  input: RegisterInput,
): Promise<{ readonly ok: true } | PasswordRefused | Refused<'EMAIL_INVALID'>> {
  const { store, hasher, rules, keys, background, now, emit } = wiring;
  const email = canonicalEmail(input.email);
  if (email === undefined) return { ok: false, reason: 'EMAIL_INVALID' };
  const verdict = await rules.check(input.password, [email, input.name], {
    signal: input.client?.signal,
  });
  if (!verdict.ok) return { ok: false, reason: verdict.code, message: verdict.message };

  const passwordHash = await hasher.hash(input.password, { signal: input.client?.signal });
  const token = randomToken();
  const mayMail = await takeMail(wiring, await keys.digest('mail', email));
  const createdAt = now();
  await store.addPending({
    tokenDigest: await digestOf(token),
    id: uuidv7(now),
    email,
    name: input.name,
    role: wiring.role,
    passwordHash,
    createdAt,
    // A token that is mailed to nobody can't come back: the record is made for the time it takes alone.
    expiresAt: mayMail ? createdAt + wiring.pendingMs : createdAt,
  });
  if (!mayMail) {
    emit(
      {
        event: 'excess_rate_limit_exceeded',
        outcome: 'denied',
        details: { limit: 'mail', flow: 'register' },
      },
      input.client,
    );
    return { ok: true };
  }
  background.run(async function tellTheAddress() {
    const account = await store.findByEmail(email);
    if (!account) return sendMail(wiring, email, 'verify-email', token);
    emit(
      { event: 'user_created', outcome: 'denied', target: account.id, details: { reason: 'address_taken' } },
      input.client,
    );
    return sendMail(wiring, account.email, 'already-registered');
  });
  return { ok: true };
}

/** Turns the registration of a mailed token into an account. Of several for one address, the first verified wins. */
export async function verifyEmail(
  wiring: Wiring,
  input: { readonly token: string; readonly client?: Client | undefined },
): Promise<{ readonly ok: true; readonly account: PublicAccount } | Refused<'TOKEN_INVALID'>> {
  const { store, now, emit } = wiring;
  const { token, client } = input;
  const result =
    token.length <= 200
      ? await store.completePending(await digestOf(token), now())
      : ({ outcome: 'invalid' } as const);
  if (result.outcome === 'invalid') {
    emit({ event: 'authn_email_verify_fail', outcome: 'failure', details: { reason: 'token' } }, client);
    return { ok: false, reason: 'TOKEN_INVALID' };
  }
  const { account } = result;
  emit({ event: 'user_created', outcome: 'success', actor: account.id, target: account.id }, client);
  emit({ event: 'authn_email_verified', outcome: 'success', actor: account.id }, client);
  return { ok: true, account: toPublicAccount(account) };
}

async function digestOf(token: string): Promise<string> {
  return toHex(await sha256(token));
}
