import {
  type Clock,
  ConfigError,
  checkNumber,
  checkOptions,
  type Duration,
  systemClock,
  toMilliseconds,
} from '@secapi/kernel';
import { memoryRevocations, type RevocationEntry, type RevocationStore } from '@secapi/tokens';
import type { Database } from './database.js';
import { checkStorable } from './internal/text.js';

/** Calls `run` every so many milliseconds until the returned function is called. It must not keep the process alive. */
export type Ticker = (run: () => void, milliseconds: number) => () => void;

/** The options of {@link postgresRevocations}. */
export interface PostgresRevocationsOptions {
  /** How often the table is asked what is new, and so how late this process knows of what another one revoked. @default '500ms' */
  readonly pollEvery?: Duration;
  /**
   * How old the mirror may be. Past it, which means that the table can't be read, no verdict is given from memory: each one asks the
   * table, and fails while that fails.
   * @default '10s'
   */
  readonly maxAge?: Duration;
  /** How many revocations are mirrored; beyond it, see `memoryRevocations`. @default 200_000 */
  readonly max?: number;
  /** @default the machine's clock */
  readonly now?: Clock;
  /** @default setInterval, unreferenced */
  readonly every?: Ticker;
}

/** A revocation store whose verdict needs no promise while its mirror is fresh. */
export interface PostgresRevocations extends RevocationStore {
  /** Loads what is in force and begins to poll. */
  start(): Promise<void>;
  /** Asks the table now what is new. */
  refresh(): Promise<void>;
  /** Ends the polling. */
  close(): Promise<void>;
}

interface Row extends RevocationEntry {
  /** The oldest transaction that was under way: everything before it has been seen. */
  horizon: string;
}

const sweepEvery = 60_000;

/**
 * Revocations in PostgreSQL with a mirror in memory: `isRevoked` answers at once, and a revocation is known to every process after `pollEvery`.
 *
 * A revocation counts in this process even when the table can't be written; `revoke` then rejects, because others don't know of it.
 *
 * @throws ConfigError when an option is not usable
 */
export function postgresRevocations(
  db: Database,
  options: PostgresRevocationsOptions = {},
): PostgresRevocations {
  checkOptions('postgresRevocations', options, ['pollEvery', 'maxAge', 'max', 'now', 'every']);
  const { now = systemClock, every = unreferencedInterval } = options;
  const pollEvery = toMilliseconds('postgresRevocations.pollEvery', options.pollEvery ?? '500ms', {
    min: 0.01,
    max: 60,
  });
  const maxAge = toMilliseconds('postgresRevocations.maxAge', options.maxAge ?? '10s', {
    min: 0.1,
    max: 3_600,
  });
  if (maxAge < 2 * pollEvery) {
    throw new ConfigError('postgresRevocations.maxAge', 'is too short', 'use at least twice pollEvery');
  }
  const mirror = memoryRevocations({ now, ...(options.max === undefined ? {} : { max: options.max }) });
  let horizon = '0';
  let freshAt = Number.NEGATIVE_INFINITY;
  let sweptAt = now();
  let polling: Promise<void> | undefined;
  let stop: (() => void) | undefined;

  async function poll(): Promise<void> {
    const asked = now();
    // By transaction, not by time or sequence: what commits late would be passed over by either.
    const { rows } = await db.query<Row | { horizon: string; id: null }>(
      `SELECT h.horizon::text, r.kind, r.id, r.at, r.until
      FROM (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS horizon) h
      LEFT JOIN secapi_revocation r ON r.changed >= $1::xid8 AND r.until > $2`,
      [horizon, asked],
    );
    for (const row of rows) {
      if (row.id !== null) await mirror.revoke({ kind: row.kind, id: row.id, at: row.at, until: row.until });
    }
    horizon = rows[0]?.horizon ?? horizon;
    freshAt = asked;
  }

  function refresh(): Promise<void> {
    polling ??= poll().finally(() => {
      polling = undefined;
    });
    return polling;
  }

  async function sweep(): Promise<void> {
    if (now() - sweptAt < sweepEvery) return;
    sweptAt = now();
    await db.query('DELETE FROM secapi_revocation WHERE until <= $1', [sweptAt]);
  }

  return {
    async start() {
      await refresh();
      stop ??= every(() => {
        refresh().then(sweep).catch(ignore); // a failed poll shows in the mirror's age
      }, pollEvery);
    },

    refresh,

    async close() {
      stop?.();
      stop = undefined;
      await polling?.catch(ignore);
    },

    async revoke(entry) {
      const { kind, id, at, until } = checkEntry(entry);
      try {
        await db.query(
          `INSERT INTO secapi_revocation AS known (kind, id, at, until) VALUES ($1, $2, $3, $4)
          ON CONFLICT (kind, id) DO UPDATE
          SET at = greatest(known.at, excluded.at), until = greatest(known.until, excluded.until), changed = excluded.changed`,
          [kind, id, at, until],
        );
      } finally {
        await mirror.revoke(entry);
      }
    },

    isRevoked(claims) {
      // A clock that was set back makes the age negative, and says as little about what was missed.
      const age = now() - freshAt;
      if (age >= 0 && age <= maxAge) return mirror.isRevoked(claims);
      if (mirror.isRevoked(claims)) return true;
      return refresh().then(() => mirror.isRevoked(claims));
    },
  };
}

function checkEntry(entry: RevocationEntry): RevocationEntry {
  const bounds = { min: 0, max: 8_640_000_000_000_000, fraction: true }; // the last time that a Date can hold
  checkNumber('revocation.at', entry.at, bounds);
  checkNumber('revocation.until', entry.until, bounds);
  checkStorable(entry.kind, entry.id);
  return entry;
}

function unreferencedInterval(run: () => void, milliseconds: number): () => void {
  const timer = setInterval(run, milliseconds);
  timer.unref();
  return () => clearInterval(timer);
}

function ignore(): void {}
