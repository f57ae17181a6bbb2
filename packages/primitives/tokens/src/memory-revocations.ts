import { type Clock, checkNumber, checkOptions, systemClock } from '@secapi/kernel';
import { toTime } from './claims.js';
import { requireText } from './internal/text.js';
import type { RevocationEntry, RevocationStore } from './revocation.js';

/** The options of {@link memoryRevocations}. */
export interface MemoryRevocationsOptions {
  /**
   * How many revocations are kept at most, some 150 bytes each. One more, and all are folded into one: **every** token issued up to that
   * moment counts as revoked, so that clients fetch a new one. The memory is bounded, and no revocation is ever lost.
   * @default 200_000
   */
  readonly max?: number | undefined;
  /** @default the machine's clock */
  readonly now?: Clock | undefined;
}

/** A revocation store of one process whose verdict needs no promise. */
export interface MemoryRevocations extends RevocationStore {
  isRevoked(claims: Parameters<RevocationStore['isRevoked']>[0]): boolean;
}

interface Mark {
  readonly at: number;
  readonly until: number;
}

/**
 * Revocations in memory: for one process; they are gone after a restart, so several processes, or tokens that outlive one, need a shared store.
 *
 * @throws ConfigError when an option is unknown or out of bounds
 */
export function memoryRevocations(options: MemoryRevocationsOptions = {}): MemoryRevocations {
  checkOptions('revocations', options, ['max', 'now']);
  const { now = systemClock } = options;
  const max = checkNumber('revocations.max', options.max ?? 200_000, { min: 1, max: 10_000_000 });
  const marks = {
    token: new Map<string, Mark>(),
    session: new Map<string, Mark>(),
    subject: new Map<string, Mark>(),
  };
  let everything: Mark = { at: 0, until: 0 };
  let sweepAt = Math.min(1_024, max + 1);

  const count = (): number => marks.token.size + marks.session.size + marks.subject.size;

  function sweep(time: number): void {
    for (const kind of Object.values(marks)) {
      for (const [id, mark] of kind) if (mark.until <= time) kind.delete(id);
    }
    if (count() > max) fold(time);
    // Doubled, so that sweeping costs each revocation a constant share.
    sweepAt = Math.min(Math.max(1_024, count() * 2), max + 1);
  }

  function fold(time: number): void {
    for (const kind of Object.values(marks)) {
      for (const { at, until } of kind.values())
        everything = later(everything, { at: Math.max(at, time), until });
      kind.clear();
    }
  }

  return {
    async revoke(entry) {
      const { kind, id, at, until } = checkEntry(entry);
      const known = marks[kind].get(id);
      marks[kind].set(id, known ? later(known, { at, until }) : { at, until });
      if (count() >= sweepAt) sweep(now());
    },
    isRevoked({ jti, sid, sub, iat }) {
      const time = now();
      const inForce = (mark: Mark | undefined): mark is Mark => mark !== undefined && mark.until > time;
      const issued = toTime(iat);
      const subject = marks.subject.get(sub);
      return (
        inForce(marks.token.get(jti)) ||
        inForce(marks.session.get(sid)) ||
        (inForce(subject) && issued <= subject.at) ||
        (inForce(everything) && issued <= everything.at)
      );
    },
  };
}

function later(a: Mark, b: Mark): Mark {
  return { at: Math.max(a.at, b.at), until: Math.max(a.until, b.until) };
}

function checkEntry(entry: RevocationEntry): RevocationEntry {
  const bounds = { min: 0, max: 8_640_000_000_000_000, fraction: true }; // the last time that a Date can hold
  checkNumber('revocation.at', entry.at, bounds);
  checkNumber('revocation.until', entry.until, bounds);
  requireText('revocation.id', entry.id);
  return entry;
}
