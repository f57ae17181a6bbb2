import {
  type Clock,
  ConfigError,
  checkOptions,
  type Duration,
  randomToken,
  SecapiError,
  systemClock,
  toMilliseconds,
  uuidv7,
} from '@secapi/kernel';
import { digestOf } from './internal/digest.js';
import { isOpaqueToken, keyedDigest } from './internal/opaque-token.js';
import { requireText } from './internal/text.js';
import type { Device, RefreshFamilyRecord, RefreshStore } from './refresh-store.js';

/** The options of {@link createRefreshFamilies}. */
export interface RefreshFamiliesOptions {
  readonly store: RefreshStore;
  /** How long a session lives unused. @default '14d' */
  readonly idleLifetime?: Duration | undefined;
  /** How long a session lives at most, however much it is used (ASVS v5.0.0-10.4.8). @default '90d' */
  readonly absoluteLifetime?: Duration | undefined;
  /** How long after its use a token is taken for an honest race (two tabs, a repeated request), not for theft: a minute at most. @default '5s' */
  readonly grace?: Duration | undefined;
  /** @default the machine's clock */
  readonly now?: Clock | undefined;
}

/** Where somebody is signed in. Times are milliseconds. */
export interface Session {
  readonly id: string;
  readonly subject: string;
  readonly createdAt: number;
  readonly lastUsedAt: number;
  /** When it ends unless it is used before. */
  readonly expiresAt: number;
  readonly device: Device;
}

/** What became of a refresh token. `raced`: somebody was first, and this is the same successor that they got. */
export type RotateResult =
  | { readonly ok: true; readonly token: string; readonly session: Session; readonly raced: boolean }
  | {
      readonly ok: false;
      readonly reason: 'unknown' | 'expired' | 'revoked' | 'reused';
      readonly session?: Session;
    };

/** Sessions, each a family of refresh tokens of which every one is used once (RFC 9700 §4.14, ASVS v5.0.0-10.4.5). */
export interface RefreshFamilies {
  /** Starts a session and returns its first token. */
  start(input: { readonly subject: string; readonly device?: Device | undefined }): Promise<{
    token: string;
    session: Session;
  }>;
  /**
   * Turns a token into its successor. A token used before ends the whole family, `reused`, but within the grace window and while the
   * successor is unused: then every caller gets the same successor.
   *
   * @param input.receivedAt when the request arrived, in milliseconds: the window is measured from there, so that a slow server makes nobody a thief
   */
  rotate(
    token: string,
    input?: { readonly device?: Device | undefined; readonly receivedAt?: number | undefined },
  ): Promise<RotateResult>;
  /** The living sessions of a subject, the last used first. */
  list(subject: string): Promise<Session[]>;
  /** A living session. */
  find(sessionId: string): Promise<Session | undefined>;
  /**
   * The living session whose latest token this is, without using it: for introspection (RFC 7662), and for nothing that then trusts the token.
   *
   * @throws SecapiError `TOKEN_STORE_INVALID` when the store has no `peek` (as a rejection)
   */
  inspect(token: string): Promise<Session | undefined>;
  /** Ends a session (of that subject, when one is given); whether there was one. */
  revoke(sessionId: string, subject?: string): Promise<boolean>;
  /** Ends the sessions of a subject but one; the ids of those ended, whose access tokens are to be revoked. */
  revokeAll(subject: string, options?: { readonly except?: string | undefined }): Promise<string[]>;
}

// A request that waited longer is measured as if it had arrived this long ago.
const longestWait = 60_000;

/**
 * Makes refresh families over a store. Tokens are 32 random bytes; the store sees digests alone. A successor is derived from the token that
 * was presented and a stored salt, so it can be made again for an honest racer without being kept anywhere.
 *
 * @throws ConfigError when an option is missing, unknown or out of bounds
 */
export function createRefreshFamilies(options: RefreshFamiliesOptions): RefreshFamilies {
  checkOptions('refresh', options, ['store', 'idleLifetime', 'absoluteLifetime', 'grace', 'now']);
  const { store, now = systemClock } = options;
  const year = 366 * 86_400;
  const idleMs = toMilliseconds('refresh.idleLifetime', options.idleLifetime ?? '14d', { min: 1, max: year });
  const absoluteMs = toMilliseconds('refresh.absoluteLifetime', options.absoluteLifetime ?? '90d', {
    min: 1,
    max: year,
  });
  const graceMs = toMilliseconds('refresh.grace', options.grace ?? '5s', { min: 0, max: 60 });
  if (typeof store?.rotate !== 'function') {
    throw new ConfigError('refresh.store', 'is missing', 'pass store: memoryRefreshStore()');
  }
  if (idleMs > absoluteMs) {
    throw new ConfigError('refresh.idleLifetime', 'is longer than absoluteLifetime', 'make it shorter');
  }

  async function start(input: { readonly subject: string; readonly device?: Device | undefined }) {
    const time = now();
    const token = randomToken();
    const family: RefreshFamilyRecord = {
      id: uuidv7(now),
      subject: requireText('subject', input.subject),
      device: shorten(input.device ?? {}),
      createdAt: time,
      lastUsedAt: time,
      expiresAt: time + idleMs,
      absoluteExpiresAt: time + absoluteMs,
    };
    await store.create(family, await digestOf(token));
    return { token, session: toSession(family) };
  }

  async function rotate(
    token: string,
    input: { readonly device?: Device | undefined; readonly receivedAt?: number | undefined } = {},
  ): Promise<RotateResult> {
    if (!isOpaqueToken(token)) return { ok: false, reason: 'unknown' };
    const salt = randomToken();
    const successor = await keyedDigest(token, salt);
    const [digest, nextDigest] = await Promise.all([digestOf(token), digestOf(successor)]);
    const time = now();
    const answer = await store.rotate({
      digest,
      nextDigest,
      salt,
      now: time,
      graceMs: graceMs + waited(time, input.receivedAt),
      idleMs,
      ...(input.device ? { device: shorten(input.device) } : {}),
    });
    if (answer.outcome === 'unknown') return { ok: false, reason: 'unknown' };
    const session = toSession(answer.family);
    if (answer.outcome === 'rotated') return { ok: true, token: successor, session, raced: false };
    if (answer.outcome !== 'raced') return { ok: false, reason: answer.outcome, session };
    if (typeof answer.salt !== 'string') {
      throw new SecapiError('TOKEN_STORE_INVALID', 'the refresh store gave no salt with "raced"');
    }
    return { ok: true, token: await keyedDigest(token, answer.salt), session, raced: true };
  }

  return {
    start,
    rotate,
    async list(subject) {
      return (await store.list(subject, now())).map(toSession);
    },
    async find(sessionId) {
      return livingSession(await store.find(sessionId), now());
    },
    async inspect(token) {
      if (!store.peek) {
        throw new SecapiError(
          'TOKEN_STORE_INVALID',
          'the refresh store has no peek, which introspection needs',
        );
      }
      if (!isOpaqueToken(token)) return undefined;
      const found = await store.peek(await digestOf(token));
      return found && !found.used ? livingSession(found.family, now()) : undefined;
    },
    revoke: (sessionId, subject) => store.revoke(sessionId, now(), subject),
    revokeAll: (subject, { except } = {}) => store.revokeAll(subject, now(), except),
  };
}

function livingSession(family: RefreshFamilyRecord | undefined, time: number): Session | undefined {
  return family && family.revokedAt === undefined && time < family.expiresAt ? toSession(family) : undefined;
}

function waited(time: number, receivedAt: number | undefined): number {
  if (receivedAt === undefined || !Number.isFinite(receivedAt)) return 0;
  return Math.min(Math.max(time - receivedAt, 0), longestWait);
}

function toSession(family: RefreshFamilyRecord): Session {
  const { id, subject, createdAt, lastUsedAt, expiresAt, device } = family;
  return { id, subject, createdAt, lastUsedAt, expiresAt, device };
}

// What a client says of itself is kept short, or the session list becomes its storage.
function shorten({ userAgent, address }: Device): Device {
  return {
    ...(typeof userAgent === 'string' ? { userAgent: userAgent.slice(0, 256) } : {}),
    ...(typeof address === 'string' ? { address: address.slice(0, 64) } : {}),
  };
}
