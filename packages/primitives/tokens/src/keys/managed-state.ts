import { SecapiError } from '@secapi/kernel';
import type { TokensErrorCode } from '../errors.js';
import type { RingKey } from '../internal/ring-key.js';
import { checkStored, openRecord, tidy } from './key-records.js';
import type { KeyRecord } from './key-store.js';
import type { ManagedRules } from './managed-options.js';
import { isRetired } from './phases.js';

/** What shall be stored, given what is: the same list where nothing is to change. */
export type Plan = (records: readonly KeyRecord[], time: number) => Promise<readonly KeyRecord[]>;

/** A record and the key in it. */
export interface Opened {
  readonly record: KeyRecord;
  readonly key: RingKey;
}

/** What a process knows of the keys in a store. */
export interface ManagedState {
  /** In the order in which they sign. */
  records(): readonly KeyRecord[];
  /** A record that a seal has opened, with its key. */
  opened(kid: string): Opened | undefined;
  /** Loads, learns, and saves what the plan makes of it, again and again while others save in between; the records that are stored then. */
  update(plan: Plan): Promise<readonly KeyRecord[]>;
}

const attempts = 10;

/** Makes the state of a managed key ring: empty, until the first update. */
export function createManagedState(rules: ManagedRules): ManagedState {
  let records: readonly KeyRecord[] = [];
  let opened: ReadonlyMap<string, Opened> = new Map();
  let begun = 0;
  let learnt = 0;

  async function update(plan: Plan): Promise<readonly KeyRecord[]> {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const turn = ++begun;
      const { version, keys } = checkStored(await rules.store.load());
      const failure = await learn(turn, keys);
      // A process that can't open all of them must not decide on what is stored.
      if (failure !== undefined) throw failure;
      const time = rules.now();
      const planned = await plan(keys, time);
      if (planned === keys) return keys;
      const next = await tidy(rules, planned, time);
      if (!(await rules.store.save(version, next))) continue;
      const saved = await learn(++begun, next);
      if (saved !== undefined) throw saved;
      return next;
    }
    throw new SecapiError<TokensErrorCode>(
      'TOKEN_STORE_CONFLICT',
      `the key store changed under each of ${attempts} attempts to save`,
    );
  }

  /** Takes over what can be opened; the first failure, where there is one. */
  async function learn(turn: number, stored: readonly KeyRecord[]): Promise<unknown> {
    const time = rules.now();
    const next = new Map<string, Opened>();
    let failure: unknown;
    for (const record of stored) {
      if (isRetired(record, time)) continue;
      try {
        next.set(record.kid, { record, key: await keyOf(record) });
      } catch (error) {
        failure ??= error;
      }
    }
    // An answer that was asked for earlier than one that came already is older than that.
    if (stored.length > 0 && turn > learnt) {
      learnt = turn;
      records = [...stored].sort((a, b) => a.activeAt - b.activeAt);
      opened = next;
    }
    return failure;
  }

  /** The same object for as long as it is the same key, so that what was verified with it stays so. */
  function keyOf(record: KeyRecord): RingKey | Promise<RingKey> {
    const known = opened.get(record.kid);
    return known && isSameKey(known.record, record) ? known.key : openRecord(rules, record);
  }

  return { records: () => records, opened: (kid) => opened.get(kid), update };
}

// Sealed anew it is still the same: what its seal holds was checked when it was opened.
function isSameKey(a: KeyRecord, b: KeyRecord): boolean {
  return a.kid === b.kid && a.alg === b.alg && a.createdAt === b.createdAt && a.activeAt === b.activeAt;
}
