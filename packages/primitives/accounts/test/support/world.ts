import {
  type AccountEvent,
  type AccountsOptions,
  createAccounts,
  type LoggedIn,
  type Mail,
  memoryAccountStore,
  memoryLockoutStore,
} from '../../src/index.js';
import {
  memoryOneTime,
  memoryRevocations,
  memorySessions,
  plainIssuer,
  rules,
  scryptHasher,
} from './parts.js';

export const password = 'seven unlikely pelicans';
export const newPassword = 'eight improbable herons';

/** Writes down each call of a part's methods, and lets it through. */
function record<T extends object>(name: string, part: T, calls: string[]): T {
  return new Proxy(part, {
    get(target, key, receiver) {
      const method: unknown = Reflect.get(target, key, receiver);
      if (typeof method !== 'function') return method;
      return (...args: unknown[]) => {
        calls.push(`${name}.${String(key)}`);
        return method.apply(target, args);
      };
    },
  });
}

/** Accounts over small real parts, with a clock to turn, an outbox, events, and a list of every call. */
export function createWorld(overrides: (parts: AccountsOptions) => Partial<AccountsOptions> = () => ({})) {
  const clock = { time: Date.UTC(2030, 0, 1) };
  const now = () => clock.time;
  const calls: string[] = [];
  const outbox: Mail[] = [];
  const events: AccountEvent[] = [];
  const errors: unknown[] = [];
  const revocations = memoryRevocations(now);
  const parts: AccountsOptions = {
    store: record('store', memoryAccountStore(), calls),
    hasher: record('hasher', scryptHasher(), calls),
    passwordRules: rules,
    sessions: record('sessions', memorySessions(now), calls),
    issuer: record('issuer', plainIssuer(now), calls),
    oneTime: record('oneTime', memoryOneTime(now), calls),
    revocations: record('revocations', revocations.store, calls),
    mailer: {
      async send(mail) {
        outbox.push(mail);
      },
    },
    lockout: { store: record('lockout', memoryLockoutStore(), calls) },
    devices: { key: new Uint8Array(32).fill(7) },
    now,
    onEvent: (event) => events.push(event),
    onError: (error) => errors.push(error),
  };
  const options = { ...parts, ...overrides(parts) };
  const accounts = createAccounts(options);

  async function mailTo(address: string): Promise<Mail> {
    await accounts.idle();
    const mail = outbox.findLast(({ to }) => to === address);
    if (!mail) throw new Error('no mail was sent there');
    return mail;
  }

  async function tokenFor(address: string): Promise<string> {
    const { token } = await mailTo(address);
    if (token === undefined) throw new Error('the mail has no token');
    return token;
  }

  /** Registers and verifies; the calls and events of it are forgotten. */
  async function signUp(email = 'alice@mail.example', secret = password): Promise<string> {
    await accounts.register({ email, password: secret, name: 'Alice' });
    const verified = await accounts.verifyEmail({ token: await tokenFor(email) });
    if (!verified.ok) throw new Error('not verified');
    calls.length = 0;
    events.length = 0;
    outbox.length = 0;
    return verified.account.id;
  }

  async function signIn(
    email = 'alice@mail.example',
    secret = password,
    deviceCookie?: string,
  ): Promise<LoggedIn> {
    const result = await accounts.login({ email, password: secret, deviceCookie });
    if (!result.ok) throw new Error('not signed in');
    return result;
  }

  async function guess(times: number, email = 'alice@mail.example', deviceCookie?: string) {
    const results = [];
    for (let i = 0; i < times; i++) {
      results.push(await accounts.login({ email, password: `wrong guess number ${i}`, deviceCookie }));
    }
    return results;
  }

  const namesOf = () => events.map(({ event }) => event);
  return {
    ...{ accounts, options, clock, calls, outbox, events, errors, namesOf },
    ...{ accepts: revocations.accepts, mailTo, tokenFor, signUp, signIn, guess },
  };
}
