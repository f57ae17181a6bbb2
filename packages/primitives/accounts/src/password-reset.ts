import { canonicalEmail } from './email.js';
import type { PasswordRefused, Refused } from './errors.js';
import type { Client } from './events.js';
import { accountKey, changeKey } from './internal/lockout.js';
import { endSessions, endSessionsAfter } from './internal/session-end.js';
import { sendMail, takeMail, type Wiring } from './internal/wiring.js';
import type { Account } from './types.js';

const purpose = 'password-reset';

/** Somebody who forgot a password, or says so. */
export interface PasswordResetInput {
  readonly email: string;
  /** A known device of the account asks on a budget of its own, so that strangers can't use up its owner's mails. */
  readonly deviceCookie?: string | undefined;
  readonly client?: Client | undefined;
}

/** The token out of the mail, and the new password. */
export interface ConfirmResetInput {
  readonly token: string;
  readonly password: string;
  readonly client?: Client | undefined;
}

/**
 * Mails a reset token if there is such an account. It always answers the same and at once: everything that depends on
 * the account happens afterwards. A lock doesn't close it.
 */
export async function requestPasswordReset(
  wiring: Wiring,
  input: PasswordResetInput,
): Promise<{ readonly ok: true }> {
  wiring.background.run(() => mailReset(wiring, input));
  return { ok: true };
}

async function mailReset(wiring: Wiring, { email: text, deviceCookie, client }: PasswordResetInput) {
  const { store, oneTime, keys, devices, emit } = wiring;
  const email = canonicalEmail(text);
  if (email === undefined) return;
  const account = await store.findByEmail(email);
  const device = await devices.read(deviceCookie);
  const known = account !== undefined && device?.accountId === account.id;
  const key = known ? await keys.digest('mail-device', device.nonce) : await keys.digest('mail', email);
  if (!(await takeMail(wiring, key))) {
    emit(
      { event: 'excess_rate_limit_exceeded', outcome: 'denied', details: { limit: 'mail', flow: 'reset' } },
      client,
    );
    return;
  }
  const target = account && { target: account.id };
  const details = { known: account !== undefined };
  emit(
    { event: 'authn_password_reset_request', outcome: account ? 'success' : 'failure', ...target, details },
    client,
  );
  if (account) await sendMail(wiring, account.email, purpose, await issueToken(wiring, oneTime, account));
}

async function issueToken(wiring: Wiring, oneTime: Wiring['oneTime'], account: Account): Promise<string> {
  const { token } = await oneTime.issue({
    purpose,
    subject: account.id,
    lifetime: wiring.resetMs / 1_000,
    binding: await bindingOf(wiring, account),
  });
  return token;
}

/** A token dies with the password it was asked for. */
function bindingOf({ keys }: Wiring, account: Account): Promise<string> {
  return keys.digest('reset', account.passwordHash);
}

/**
 * Sets a new password by a mailed token, ends every session and the lock, and makes all access tokens dead.
 *
 * A token that is spent in vain is replaced by another mail: where the rules refuse the person's own name or address,
 * which aren't known before, and where a store fails between the token and the password.
 */
export async function confirmPasswordReset(
  wiring: Wiring,
  input: ConfirmResetInput,
): Promise<{ readonly ok: true } | PasswordRefused | Refused<'TOKEN_INVALID'>> {
  const { store, hasher, rules, oneTime, lockout, background, now, emit } = wiring;
  const { token, password, client } = input;
  const verdict = await rules.check(password, [], { signal: client?.signal });
  if (!verdict.ok) return { ok: false, reason: verdict.code, message: verdict.message };
  // Hashed before the token is taken: a busy hasher must not cost somebody the token.
  const passwordHash = await hasher.hash(password, { signal: client?.signal });

  let account: Account | undefined;
  const taken = await oneTime.consume({
    purpose,
    token,
    async binding(subject) {
      account = await store.findById(subject);
      return account && bindingOf(wiring, account);
    },
  });
  if (!taken.ok) return refuse(wiring, client, 'token');
  account ??= await store.findById(taken.subject);
  if (account?.id !== taken.subject) return refuse(wiring, client, 'account_gone');
  const person = account;
  try {
    const personal = await rules.check(password, [person.email, person.name]);
    if (!personal.ok) {
      mailAnother();
      return { ok: false, reason: personal.code, message: `${personal.message} A new mail is on its way.` };
    }
    // Before and after: should the second fail for good, nothing but a login of this very moment has survived the first.
    await endSessions(wiring, person.id);
    if (!(await store.setPasswordHash(person.id, passwordHash, now(), person.passwordHash))) {
      return refuse(wiring, client, 'password_changed', person.id);
    }
  } catch (error) {
    mailAnother(); // the token is spent; should the password be set in spite of the error, the new one is dead with it
    throw error;
  }
  // Told at once: whatever fails from here on, the password is another one, and its owner must hear of it.
  emit({ event: 'authn_password_reset', outcome: 'success', actor: person.id, target: person.id }, client);
  background.run(() => sendMail(wiring, person.email, 'password-changed'));
  await endSessionsAfter(wiring, person.id);
  await lockout.clear(await accountKey(wiring, person.email));
  await lockout.clear(await changeKey(wiring, person.id));
  await oneTime.revoke(purpose, person.id);
  return { ok: true };

  function mailAnother(): void {
    background.run(async () => {
      await sendMail(wiring, person.email, purpose, await issueToken(wiring, oneTime, person));
    });
  }
}

function refuse(
  wiring: Wiring,
  client: Client | undefined,
  reason: string,
  target?: string,
): Refused<'TOKEN_INVALID'> {
  wiring.emit(
    {
      event: 'authn_password_reset_fail',
      outcome: 'failure',
      ...(target !== undefined && { target }),
      details: { reason },
    },
    client,
  );
  return { ok: false, reason: 'TOKEN_INVALID' };
}
