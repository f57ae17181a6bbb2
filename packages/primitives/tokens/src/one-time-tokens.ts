import {
  type Clock,
  ConfigError,
  checkOptions,
  constantTimeEqual,
  type Duration,
  type MaybePromise,
  randomToken,
  systemClock,
  toMilliseconds,
} from '@secapi/kernel';
import { digestOf } from './internal/digest.js';
import { isOpaqueToken, keyedDigest } from './internal/opaque-token.js';
import { requireText } from './internal/text.js';
import type { OneTimeStore } from './one-time-store.js';

/** The options of {@link createOneTimeTokens}. */
export interface OneTimeTokensOptions {
  readonly store: OneTimeStore;
  /** @default the machine's clock */
  readonly now?: Clock | undefined;
}

/** What a one-time token is for. */
export interface OneTimeIssue {
  /** What it does, for example `password-reset`: a token serves no other purpose (ASVS v5.0.0-6.5.1). */
  readonly purpose: string;
  readonly subject: string;
  /** 1 second to 30 days. */
  readonly lifetime: Duration;
  /** A state that the token dies with: for a password reset, the stored hash of the password. Only a keyed digest of it is stored. */
  readonly binding?: string | undefined;
}

/** A token as it came back. */
export interface OneTimeConsume {
  readonly purpose: string;
  readonly token: string;
  /** The bound state as it is now, or how to find it for the token's subject; `undefined` is a state that no token is bound to. */
  readonly binding?: string | ((subject: string) => MaybePromise<string | undefined>) | undefined;
}

/** Tokens that are mailed and used once. */
export interface OneTimeTokens {
  /**
   * A new token: 32 random bytes, of which only a digest is stored.
   *
   * @throws SecapiError `TOKEN_INPUT_INVALID` when the purpose or subject is not a text of 1 to 512 characters (as a rejection)
   */
  issue(input: OneTimeIssue): Promise<{ token: string; expiresAt: number }>;
  /** Uses a token up, whatever the verdict on its binding is. Of parallel calls one succeeds. */
  consume(input: OneTimeConsume): Promise<{ ok: true; subject: string } | { ok: false; reason: 'invalid' }>;
  /** Ends all tokens of a subject for a purpose. */
  revoke(purpose: string, subject: string): Promise<void>;
}

const invalid = { ok: false, reason: 'invalid' } as const;

/**
 * Makes one-time tokens over a store, for mails that verify an address or reset a password.
 *
 * @throws ConfigError when an option is missing or unknown
 */
export function createOneTimeTokens(options: OneTimeTokensOptions): OneTimeTokens {
  checkOptions('oneTime', options, ['store', 'now']);
  const { store, now = systemClock } = options;
  if (typeof store?.take !== 'function') {
    throw new ConfigError('oneTime.store', 'is missing', 'pass store: memoryOneTimeStore()');
  }
  return {
    async issue(input) {
      const lifetime = toMilliseconds('oneTime.lifetime', input.lifetime, { min: 1, max: 30 * 86_400 });
      const token = randomToken();
      const expiresAt = now() + lifetime;
      await store.put({
        digest: await digestOf(token),
        purpose: requireText('purpose', input.purpose),
        subject: requireText('subject', input.subject),
        ...(input.binding === undefined ? {} : { binding: await keyedDigest(token, input.binding) }),
        expiresAt,
      });
      return { token, expiresAt };
    },
    async consume({ purpose, token, binding }) {
      if (!isOpaqueToken(token)) return invalid;
      const record = await store.take(await digestOf(token), purpose, now());
      if (!record) return invalid;
      const state = typeof binding === 'function' ? await binding(record.subject) : binding;
      if (record.binding === undefined && binding === undefined) return { ok: true, subject: record.subject };
      if (record.binding === undefined || state === undefined) return invalid;
      const same = constantTimeEqual(record.binding, await keyedDigest(token, state));
      return same ? { ok: true, subject: record.subject } : invalid;
    },
    revoke: (purpose, subject) => store.drop(purpose, subject),
  };
}
