import { ConfigError, SecapiError } from '@secapi/kernel';
import type { JWK } from 'jose';
import type { TokensErrorCode } from '../errors.js';
import { generateKey } from '../generate-key.js';
import { checkJwk } from '../internal/jwk.js';
import { loadKey, type RingKey, toPublicJwk } from '../internal/ring-key.js';
import type { KeyRecord, KeyStore } from './key-store.js';
import type { ManagedRules } from './managed-options.js';
import { activeKey, isRetired, newestKey } from './phases.js';

/** What a store holds. */
export type Stored = Awaited<ReturnType<KeyStore['load']>>;

const maxRecords = 100;
// A record stays this much longer, for a process whose clock is behind.
const remembrance = 300_000;

/** The records with which an empty store begins: the seeds, or a new key that signs at once, since nobody could have waited for it. */
export async function firstRecords(rules: ManagedRules, time: number): Promise<KeyRecord[]> {
  if (rules.seed.length === 0) {
    return [await makeRecord(rules, await generateKey(rules.algorithm), time, time)];
  }
  const seeds = rules.seed.map((jwk, index) => {
    const option = `managedKeyRing.seed[${index}]`;
    return { option, key: checkJwk(option, jwk) };
  });
  const living = seeds.filter(({ key }) => time < key.expiresAt);
  const signer = living.find(({ key }) => key.privatePart);
  if (!signer || signer.key.expiresAt !== Number.POSITIVE_INFINITY) {
    throw new ConfigError(
      signer ? `${signer.option}.exp` : 'managedKeyRing.seed',
      signer ? 'is of no use here' : 'has no private key in use',
      signer ? 'leave it out: the ring retires its keys' : 'pass a key from generateKey(), or leave it out',
    );
  }
  return Promise.all(
    living.map(async ({ option, key }, index) => {
      const jwk = { ...(key.privatePart ?? key.publicPart), kid: key.kid, alg: key.alg, use: 'sig' };
      if (key === signer.key) return makeRecord(rules, jwk, time, time, option);
      const record = await makeRecord(rules, jwk, time, time - 1 - index, option);
      return { ...record, retireAt: Math.min(time + rules.verifyFor, key.expiresAt) };
    }),
  );
}

/** The records with a successor for the newest key; none when there is one already that has not begun to sign. */
export async function withSuccessor(
  rules: ManagedRules,
  records: readonly KeyRecord[],
  time: number,
): Promise<readonly KeyRecord[]> {
  const newest = newestKey(requireKeys(records));
  if (newest?.kid !== activeKey(records, time)?.kid) return records;
  const activeAt = time + rules.publishFor;
  const successor = await makeRecord(rules, await generateKey(rules.algorithm), time, activeAt);
  const retireAt = activeAt + rules.verifyFor;
  return [...records.map((record) => ({ ...record, retireAt: record.retireAt ?? retireAt })), successor];
}

/**
 * The records without one of them: the way out when a private key has been stolen. Where it signs, or would be the next to, a new key takes
 * its place and signs at once, published or not: nothing else may be signed by the stolen one.
 *
 * @returns the same list when there is no such key
 */
export async function withoutKey(
  rules: ManagedRules,
  records: readonly KeyRecord[],
  kid: string,
  time: number,
): Promise<readonly KeyRecord[]> {
  const others = requireKeys(records).filter((record) => record.kid !== kid);
  if (others.length === records.length) return records;
  const next = newestKey(others);
  const signs = activeKey(records, time)?.kid === kid;
  if (next && !signs && newestKey(records)?.kid !== kid) return others;
  // Of one moment the one with the greater id signs, so the new one comes a moment after what has come.
  const come = others.filter(({ activeAt }) => activeAt <= time).map(({ activeAt }) => activeAt + 1);
  const activeAt = Math.max(time, ...come);
  const key = await makeRecord(rules, await generateKey(rules.algorithm), time, activeAt);
  if (next && next.activeAt > activeAt) {
    return [...others, { ...key, retireAt: next.activeAt + rules.verifyFor }];
  }
  const retireAt = activeAt + rules.verifyFor;
  return [...others.map((record) => ({ ...record, retireAt: record.retireAt ?? retireAt })), key];
}

/** Whether the clock says that the newest key needs a successor, so that one is published in time. */
export function isDue(rules: ManagedRules, records: readonly KeyRecord[], time: number): boolean {
  const newest = newestKey(requireKeys(records));
  return newest !== undefined && time >= newest.activeAt + rules.rotateEvery - rules.publishFor;
}

/**
 * The records as they are to be saved: without those that retired long ago, and all sealed with the current seal.
 *
 * @throws SecapiError `KEY_RING_FULL` when there are more than 100
 */
export async function tidy(
  rules: ManagedRules,
  records: readonly KeyRecord[],
  time: number,
): Promise<KeyRecord[]> {
  const kept = records.filter((record) => !isRetired(record, time - remembrance));
  if (kept.length > maxRecords) {
    throw new SecapiError<TokensErrorCode>(
      'KEY_RING_FULL',
      `the key ring has ${maxRecords} keys that still verify: rotate less often`,
    );
  }
  return Promise.all(kept.map((record) => rules.sealer.reseal(record)));
}

/**
 * Opens a record. What verifies comes out of the seal, not from beside it: who can write to the store, and has no seal, can't
 * bring in a key.
 *
 * @throws ConfigError when no seal opens it
 * @throws SecapiError `TOKEN_STORE_INVALID` when the record is not the one of that key (as rejections)
 */
export async function openRecord(rules: ManagedRules, record: KeyRecord): Promise<RingKey> {
  const jwk = await rules.sealer.open(record);
  const key = await loadKey('managedKeyRing.store', jwk);
  const isSame = Object.entries(key.publicPart).every(
    ([name, value]) => record.publicKey[name as keyof JWK] === value, // a name that the JWK itself has
  );
  if (key.kid === record.kid && key.alg === record.alg && isSame) return key;
  throw invalidStore();
}

/**
 * What a store gave, if it is what a store gives.
 *
 * @throws SecapiError `TOKEN_STORE_INVALID`
 */
export function checkStored(stored: Stored): Stored {
  const { version, keys } = (stored ?? {}) as Partial<Stored>; // a store of another make may give anything
  if (!Number.isSafeInteger(version) || Number(version) < 0) throw invalidStore();
  if (!Array.isArray(keys) || !keys.every(isRecord)) throw invalidStore();
  const newest = newestKey(keys);
  const isOneOfMany = new Set(keys.map(({ kid }) => kid)).size === keys.length;
  const isInOrder = keys.every(({ kid, retireAt }) => (retireAt === undefined) === (kid === newest?.kid));
  if (!isOneOfMany || !isInOrder) throw invalidStore();
  return stored;
}

function isRecord(value: unknown): value is KeyRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { kid, sealed, publicKey, createdAt, activeAt, retireAt } = value as Partial<KeyRecord>; // each is looked at
  const isText = (text: unknown, max: number): boolean =>
    typeof text === 'string' && text !== '' && text.length <= max;
  return (
    isText(kid, 256) &&
    isText(sealed, 16_384) &&
    typeof publicKey === 'object' &&
    publicKey !== null &&
    Number.isFinite(createdAt) &&
    Number.isFinite(activeAt) &&
    (retireAt === undefined || Number.isFinite(retireAt))
  );
}

/**
 * The records, unless there are none: a store that had keys and has none has lost them, and to begin anew here would sign what no
 * other process can verify.
 *
 * @throws SecapiError `TOKEN_STORE_INVALID`
 */
function requireKeys<Records extends readonly KeyRecord[]>(records: Records): Records {
  if (records.length > 0) return records;
  throw invalidStore();
}

/** An error that says that a store is none. */
export function invalidStore(): SecapiError<TokensErrorCode> {
  return new SecapiError('TOKEN_STORE_INVALID', 'the key store gave records that no key ring has saved');
}

async function makeRecord(
  { sealer }: ManagedRules,
  jwk: JWK,
  createdAt: number,
  activeAt: number,
  option = 'managedKeyRing.algorithm',
): Promise<KeyRecord> {
  const key = await loadKey(option, jwk);
  const { kid, alg } = key;
  const publicKey: JWK = { kty: key.shape.kty, ...toPublicJwk(key) };
  const record = { kid, alg, publicKey, createdAt, activeAt };
  return { ...record, sealed: await sealer.seal(record, jwk) };
}
