import {
  type Clock,
  ConfigError,
  checkNumber,
  checkOptions,
  systemClock,
  toMilliseconds,
} from '@secapi/kernel';
import type { AccountEvent, Client } from '../events.js';
import { type ComposeMail, defaultMails, type MailKind } from '../mails.js';
import { memoryLockoutStore } from '../memory-lockout-store.js';
import { memoryMailBudget } from '../memory-mail-budget.js';
import type { AccountsOptions } from '../options.js';
import type {
  AccessTokens,
  Hasher,
  Mailer,
  OneTimeTokens,
  PasswordRules,
  Revocations,
  Sessions,
} from '../parts.js';
import type { AccountStore, LockoutPolicy, LockoutStore, MailBudgetStore } from '../types.js';
import { type Background, createBackground } from './background.js';
import { createDeviceCookies, type DeviceCookies } from './device-cookie.js';
import { createKeys, type Keys } from './keys.js';
import { createLinks, type Links } from './links.js';

/** Everything that the flows share, checked once. */
export interface Wiring {
  readonly store: AccountStore;
  readonly hasher: Hasher;
  readonly rules: PasswordRules;
  readonly sessions: Sessions;
  readonly issuer: AccessTokens;
  readonly oneTime: OneTimeTokens;
  readonly revocations: Revocations;
  readonly mailer: Mailer;
  readonly compose: ComposeMail;
  readonly links: Links;
  readonly service: string;
  readonly role: string;
  readonly lockout: LockoutStore;
  readonly policy: LockoutPolicy;
  readonly mailBudget: { readonly store: MailBudgetStore; readonly limit: number; readonly windowMs: number };
  readonly pendingMs: number;
  readonly resetMs: number;
  readonly revocationMs: number;
  readonly now: Clock;
  readonly keys: Keys;
  readonly devices: DeviceCookies;
  readonly background: Background;
  emit(event: AccountEvent, client: Client | undefined): void;
}

const parts = {
  store: ['findByEmail', 'findById', 'setPasswordHash', 'addPending', 'completePending'],
  hasher: ['hash', 'verify'],
  passwordRules: ['check'],
  sessions: ['start', 'rotate', 'list', 'find', 'revoke', 'revokeAll'],
  issuer: ['issue'],
  oneTime: ['issue', 'consume', 'revoke'],
  revocations: ['revoke'],
  mailer: ['send'],
} as const;
const settings = [
  ...[
    'devices',
    'lockout',
    'mailBudget',
    'links',
    'mails',
    'service',
    'role',
    'pendingLifetime',
    'resetLifetime',
  ],
  ...['revocationPeriod', 'now', 'onEvent', 'onError'],
];
// A verifier may allow for clocks that are five minutes apart.
const clockTolerance = 300_000;

/** @throws ConfigError when a part is missing, or an option is unknown or out of bounds */
export function wire(options: AccountsOptions): Wiring {
  checkOptions('accounts', options, [...Object.keys(parts), ...settings]);
  for (const [name, methods] of Object.entries(parts)) {
    // Read as unknown: a part may come from untyped code.
    checkMethods(`accounts.${name}`, options[name as keyof typeof parts] as unknown, methods);
  }
  checkOptions('accounts.devices', options.devices, ['key', 'lifetime']);
  const { lockout = {}, mailBudget = {}, now = systemClock, onEvent, onError = () => {} } = options;
  checkOptions('accounts.lockout', lockout, ['store', 'limit', 'window', 'baseDelay', 'maxDelay']);
  checkOptions('accounts.mailBudget', mailBudget, ['store', 'limit', 'window']);
  const keys = createKeys('accounts.devices.key', options.devices.key);
  const deviceMs = toMilliseconds('accounts.devices.lifetime', options.devices.lifetime ?? '180d', {
    min: 3_600,
    max: 400 * 86_400,
  });
  const revocationMs = toMilliseconds('accounts.revocationPeriod', options.revocationPeriod ?? '24h', {
    min: 60,
  });

  return {
    store: options.store,
    hasher: options.hasher,
    rules: options.passwordRules,
    sessions: options.sessions,
    issuer: options.issuer,
    oneTime: options.oneTime,
    revocations: options.revocations,
    mailer: options.mailer,
    compose: options.mails ?? defaultMails,
    links: createLinks(options.links),
    service: options.service ?? 'this service',
    role: options.role ?? 'user',
    lockout: lockout.store ?? memoryLockoutStore(),
    policy: policyOf(lockout),
    mailBudget: {
      store: mailBudget.store ?? memoryMailBudget(),
      limit: checkNumber('accounts.mailBudget.limit', mailBudget.limit ?? 10, { min: 1, max: 1_000 }),
      windowMs: toMilliseconds('accounts.mailBudget.window', mailBudget.window ?? '1h', { min: 60 }),
    },
    pendingMs: toMilliseconds('accounts.pendingLifetime', options.pendingLifetime ?? '24h', { min: 60 }),
    resetMs: toMilliseconds('accounts.resetLifetime', options.resetLifetime ?? '15m', {
      min: 60,
      max: 3_600,
    }),
    revocationMs: revocationMs + clockTolerance,
    now,
    keys,
    devices: createDeviceCookies(keys, deviceMs, now),
    background: createBackground(onError),
    emit(event, client) {
      const { address, requestId } = client ?? {};
      onEvent?.({ ...event, ...(address && { address }), ...(requestId && { requestId }) });
    },
  };
}

function policyOf(lockout: NonNullable<AccountsOptions['lockout']>): LockoutPolicy {
  const baseDelayMs = toMilliseconds('accounts.lockout.baseDelay', lockout.baseDelay ?? '1m', { min: 1 });
  const maxDelayMs = toMilliseconds('accounts.lockout.maxDelay', lockout.maxDelay ?? '1h', { min: 1 });
  if (maxDelayMs < baseDelayMs) {
    throw new ConfigError(
      'accounts.lockout.maxDelay',
      'is shorter than baseDelay',
      'make it as long or longer',
    );
  }
  return {
    limit: checkNumber('accounts.lockout.limit', lockout.limit ?? 5, { min: 1, max: 100 }),
    windowMs: toMilliseconds('accounts.lockout.window', lockout.window ?? '1h', { min: 1 }),
    baseDelayMs,
    maxDelayMs,
  };
}

function checkMethods(option: string, part: unknown, methods: readonly string[]): void {
  const missing = methods.filter(
    // A part that isn't an object has no methods; optional chaining says so without a cast to more than it is.
    (method) => typeof (part as Record<string, unknown> | undefined)?.[method] !== 'function',
  );
  if (missing.length > 0) {
    throw new ConfigError(option, 'is missing or incomplete', `it needs ${missing.join(', ')}`);
  }
}

/** Sends a mail apart from the answer. To the address as it is stored, never as a request spelt it. */
export function sendMail(wiring: Wiring, to: string, kind: MailKind, token?: string): Promise<void> {
  const link = token === undefined ? undefined : wiring.links(kind, token);
  const facts = {
    kind,
    service: wiring.service,
    ...(token !== undefined && { token }),
    ...(link !== undefined && { link }),
  };
  return wiring.mailer.send({ to, ...wiring.compose(facts), ...(token !== undefined && { token }) });
}

/** Counts one mail to an address, or to what a known device may ask for. */
export async function takeMail(wiring: Wiring, key: string): Promise<boolean> {
  const { store, limit, windowMs } = wiring.mailBudget;
  return store.take(key, limit, windowMs, wiring.now());
}
