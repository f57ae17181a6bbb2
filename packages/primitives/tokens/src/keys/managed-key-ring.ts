import { SecapiError } from '@secapi/kernel';
import type { Algorithm } from '../algorithms.js';
import type { TokensErrorCode } from '../errors.js';
import { type RingKey, toPublicJwk } from '../internal/ring-key.js';
import type { KeyRing, VerifyingKey } from '../key-ring.js';
import { firstRecords, invalidStore, isDue, withoutKey, withSuccessor } from './key-records.js';
import { checkManagedOptions, type ManagedKeyRingOptions } from './managed-options.js';
import { createManagedState } from './managed-state.js';
import { activeKey, isRetired, type KeyPhase, newestKey, phaseOf } from './phases.js';

/** A key of a managed ring. Times are milliseconds. */
export interface ManagedKey {
  readonly kid: string;
  readonly alg: Algorithm;
  readonly phase: KeyPhase;
  readonly activeAt: number;
  /** Absent while no successor is known. */
  readonly retireAt?: number;
}

/** A key ring whose keys are shared by processes and come and go by the clock. */
export interface ManagedKeyRing extends KeyRing {
  /** How long a key is published before it signs, in milliseconds: what a JWKS may be cached for is less. */
  readonly publishFor: number;
  /**
   * Publishes a new key, which signs after `publishFor`; of several calls at once, in whatever processes, and while one is published already, they all
   * speak of the same key. Private keys that an older seal holds are sealed anew.
   *
   * @throws whatever the store rejects with; SecapiError `TOKEN_STORE_CONFLICT`, `KEY_RING_FULL` (as rejections)
   */
  rotate(): Promise<{ kid: string; activeAt: number }>;
  /**
   * Drops a key now, for the night on which a private key was stolen: what it signed is refused from then on, here at once and in other
   * processes at their next `refresh()`. Where it was to sign, a new key signs at once; others find it when a token shows it.
   *
   * @returns whether there was such a key
   * @throws whatever the store rejects with; SecapiError `TOKEN_STORE_CONFLICT` (as rejections)
   */
  retire(kid: string): Promise<boolean>;
  /**
   * Learns what other processes did, and publishes the next key when the clock says so. Call it on an interval well under half of
   * `publishFor`, and catch its error: the ring goes on with the keys that it has.
   *
   * @throws whatever the store rejects with; ConfigError when a new key is sealed with a seal that this process lacks (as rejections)
   */
  refresh(): Promise<void>;
  /** The keys, in the order in which they sign. */
  keys(): readonly ManagedKey[];
}

const longestCooldown = 5_000;

/**
 * Makes a key ring over a store: keys are published, sign, verify on, and retire by the clock, in all processes alike, and private keys are
 * sealed at rest (ASVS v5.0.0-13.3.4). Where the store is empty, one of the processes that start makes the first key.
 *
 * @throws ConfigError for an option, or a seal that doesn't open what is stored; whatever the store rejects with (as rejections)
 * @example
 * ```ts
 * const keys = await createManagedKeyRing({ store: memoryKeyStore(), seal: [{ id: 's1', key }], verifyFor: '20m' });
 * setInterval(() => keys.refresh().catch(log), 60_000).unref();
 * ```
 */
export async function createManagedKeyRing(options: ManagedKeyRingOptions): Promise<ManagedKeyRing> {
  const rules = checkManagedOptions(options);
  const { now, publishFor } = rules;
  const state = createManagedState(rules);
  await state.update(async (records, time) => {
    if (records.length === 0) return firstRecords(rules, time);
    return isDue(rules, records, time) ? withSuccessor(rules, records, time) : records;
  });
  let looking: Promise<unknown> | undefined;
  let lookAgainAt = Number.NEGATIVE_INFINITY;

  function usable(kid: string): RingKey | undefined {
    const found = state.opened(kid);
    return found && !isRetired(found.record, now()) ? found.key : undefined;
  }

  const living = (): RingKey[] => state.records().flatMap(({ kid }) => usable(kid) ?? []);
  const verifying = (kid: string): VerifyingKey | undefined => usable(kid)?.verifying;

  return {
    publishFor,
    get algorithms() {
      return [...new Set(living().map(({ alg }) => alg))];
    },
    signing() {
      const active = activeKey(state.records(), now());
      const key = active && usable(active.kid);
      if (!key?.sign) {
        throw new SecapiError<TokensErrorCode>(
          'SIGNING_KEY_MISSING',
          'the active key of the ring is not at hand',
        );
      }
      return { kid: key.kid, alg: key.alg, key: key.sign };
    },
    verifying,
    async fetchKey(kid) {
      const time = now();
      // Anybody can write a kid that nobody knows, so the store is asked now and then, once for all who wait.
      if (!looking && (time >= lookAgainAt || time < lookAgainAt - longestCooldown)) {
        lookAgainAt = time + Math.min(longestCooldown, publishFor / 4);
        looking = state
          .update(async (records) => records)
          .catch(() => undefined) // the next refresh() says so; the key is as unknown as before
          .finally(() => {
            looking = undefined;
          });
      }
      await looking;
      return verifying(kid);
    },
    jwks: () => ({
      keys: living()
        .filter(({ shape }) => shape.kty !== 'oct')
        .map(toPublicJwk),
    }),
    async rotate() {
      const records = await state.update(async (known, time) => {
        const next = await withSuccessor(rules, known, time);
        return next === known && !known.every(rules.sealer.isCurrent) ? [...known] : next;
      });
      const newest = newestKey(records);
      if (!newest) throw invalidStore();
      return { kid: newest.kid, activeAt: newest.activeAt };
    },
    async retire(kid) {
      let found = false;
      await state.update(async (records, time) => {
        const next = await withoutKey(rules, records, kid, time);
        found = next !== records;
        return next;
      });
      return found;
    },
    async refresh() {
      await state.update(async (records, time) =>
        isDue(rules, records, time) ? withSuccessor(rules, records, time) : records,
      );
    },
    keys: () => {
      const [records, time] = [state.records(), now()];
      return records.map((record) => {
        const { kid, alg, activeAt, retireAt } = record;
        const phase = phaseOf(record, records, time);
        return { kid, alg, phase, activeAt, ...(retireAt === undefined ? {} : { retireAt }) };
      });
    },
  };
}
