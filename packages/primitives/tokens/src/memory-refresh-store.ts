import { checkNumber, checkOptions, SecapiError } from '@secapi/kernel';
import type { RefreshFamilyRecord, RefreshStore, RotateInput, RotateOutcome } from './refresh-store.js';

/** The options of {@link memoryRefreshStore}: its bounds. What exceeds one ends the sessions used longest ago, never the check on a living one. */
export interface MemoryRefreshStoreOptions {
  /** Sessions at once. @default 100_000 */
  readonly maxFamilies?: number | undefined;
  /** Sessions of one subject at once. @default 100 */
  readonly maxPerSubject?: number | undefined;
  /** Digests of used and unused tokens at once, some 200 bytes each. @default 1_000_000 */
  readonly maxTokens?: number | undefined;
  /** Tokens of one session; with the last of them it expires, so that no number of rotations flushes out the proof of a theft. @default 10_000 */
  readonly maxPerFamily?: number | undefined;
}

interface Family {
  record: RefreshFamilyRecord;
  readonly digests: string[];
}

interface Token {
  readonly family: Family;
  used?: { readonly at: number; readonly salt: string; readonly next: string };
}

// So long a dead family still answers for itself; after that its tokens are unknown.
const remembrance = 86_400_000;

/**
 * Refresh families in memory: for one process; every session ends with it.
 *
 * @throws ConfigError when an option is unknown or out of bounds
 */
export function memoryRefreshStore(options: MemoryRefreshStoreOptions = {}): RefreshStore {
  checkOptions('refreshStore', options, ['maxFamilies', 'maxPerSubject', 'maxTokens', 'maxPerFamily']);
  const bound = (name: keyof MemoryRefreshStoreOptions, fallback: number, min = 1): number =>
    checkNumber(`refreshStore.${name}`, options[name] ?? fallback, { min, max: 10_000_000 });
  const maxFamilies = bound('maxFamilies', 100_000);
  const maxPerSubject = bound('maxPerSubject', 100);
  const maxTokens = bound('maxTokens', 1_000_000, 2);
  const maxPerFamily = bound('maxPerFamily', 10_000, 2);

  // Both are in order of use: the first is the one used longest ago.
  const families = new Map<string, Family>();
  const subjects = new Map<string, Set<Family>>();
  const tokens = new Map<string, Token>();
  let sweepAt = 1_024;

  function forget(family: Family): void {
    const { id, subject } = family.record;
    for (const digest of family.digests) tokens.delete(digest);
    families.delete(id);
    const own = subjects.get(subject);
    own?.delete(family);
    if (own?.size === 0) subjects.delete(subject);
  }

  function touch(family: Family): void {
    const { id, subject } = family.record;
    families.delete(id);
    families.set(id, family);
    const own = subjects.get(subject) ?? new Set();
    own.delete(family);
    subjects.set(subject, own.add(family));
  }

  function addToken(family: Family, digest: string): void {
    tokens.set(digest, { family });
    family.digests.push(digest);
  }

  function keepBounds(now: number, subject: string): void {
    if (families.size >= sweepAt) {
      for (const family of families.values()) {
        const { expiresAt, revokedAt = expiresAt } = family.record;
        if (Math.min(expiresAt, revokedAt) + remembrance <= now) forget(family);
      }
      sweepAt = Math.max(1_024, families.size * 2);
    }
    const own = subjects.get(subject);
    if (own && own.size > maxPerSubject) forgetFirst(own);
    while (families.size > maxFamilies || (tokens.size > maxTokens && families.size > 1))
      forgetFirst(families.values());
  }

  function forgetFirst(list: Iterable<Family>): void {
    for (const family of list) {
      forget(family);
      return;
    }
  }

  function rotate({ digest, nextDigest, salt, now, graceMs, idleMs, device }: RotateInput): RotateOutcome {
    const token = tokens.get(digest);
    if (!token) return { outcome: 'unknown' };
    const { family, used } = token;
    if (family.record.revokedAt !== undefined) return { outcome: 'revoked', family: family.record };
    if (now < family.record.expiresAt && family.digests.length >= maxPerFamily) {
      family.record = { ...family.record, expiresAt: now };
    }
    if (now >= family.record.expiresAt) return { outcome: 'expired', family: family.record };
    if (!used) {
      if (tokens.has(nextDigest)) throw conflict();
      token.used = { at: now, salt, next: nextDigest };
      const expiresAt = Math.min(now + idleMs, family.record.absoluteExpiresAt);
      family.record = { ...family.record, lastUsedAt: now, expiresAt, ...(device ? { device } : {}) };
      addToken(family, nextDigest);
      touch(family);
      keepBounds(now, family.record.subject);
      return { outcome: 'rotated', family: family.record };
    }
    const successor = tokens.get(used.next);
    if (successor && !successor.used && now - used.at <= graceMs) {
      return { outcome: 'raced', family: family.record, salt: used.salt };
    }
    family.record = { ...family.record, revokedAt: now };
    return { outcome: 'reused', family: family.record };
  }

  const lives = ({ record }: Family, now: number): boolean =>
    record.revokedAt === undefined && now < record.expiresAt;
  const living = (subject: string, now: number): Family[] =>
    [...(subjects.get(subject) ?? [])].filter((family) => lives(family, now)).reverse();

  // Records are replaced, never changed, and a promise is made only after the work: each method is one step for everybody else.
  return {
    async create(family, digest) {
      if (families.has(family.id) || tokens.has(digest)) throw conflict();
      const added: Family = { record: { ...family }, digests: [] };
      addToken(added, digest);
      touch(added);
      keepBounds(family.createdAt, family.subject);
    },
    rotate: async (input) => rotate(input),
    list: async (subject, now) => living(subject, now).map(({ record }) => record),
    find: async (id) => families.get(id)?.record,
    async peek(digest) {
      const token = tokens.get(digest);
      return token && { family: token.family.record, used: token.used !== undefined };
    },
    async revoke(id, now, subject) {
      const family = families.get(id);
      if (!family || !lives(family, now)) return false;
      if (subject !== undefined && family.record.subject !== subject) return false;
      family.record = { ...family.record, revokedAt: now };
      return true;
    },
    async revokeAll(subject, now, except) {
      const ended = living(subject, now).filter(({ record }) => record.id !== except);
      for (const family of ended) family.record = { ...family.record, revokedAt: now };
      return ended.map(({ record }) => record.id);
    },
  };
}

function conflict(): SecapiError {
  return new SecapiError('TOKEN_STORE_CONFLICT', 'the refresh store has this family or digest already');
}
