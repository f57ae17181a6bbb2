import { ConfigError, utf8 } from '@secapi/kernel';
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader, type JWK } from 'jose';
import { parseObject } from '../internal/strict-json.js';
import type { KeyRecord } from './key-store.js';

/** A key that seals private keys at rest. */
export interface Seal {
  /** 1 to 64 characters; it stands in what was sealed. */
  readonly id: string;
  /** 32 random bytes. */
  readonly key: Uint8Array;
}

/** What a record says of its key before that is sealed. */
type Unsealed = Omit<KeyRecord, 'sealed' | 'retireAt'>;

/** Seals and opens private keys. */
export interface Sealer {
  /** Encrypts a JWK with the first seal, bound to its record: to its `kid`, algorithm and times. */
  seal(record: Unsealed, jwk: object): Promise<string>;
  /**
   * The JWK in a record.
   * @throws ConfigError (as a rejection) when no seal opens it
   */
  open(record: KeyRecord): Promise<JWK>;
  /** The record sealed with the first seal, whichever it was sealed with. */
  reseal(record: KeyRecord): Promise<KeyRecord>;
  isCurrent(record: KeyRecord): boolean;
}

const type = 'secapi-signing-key';

/**
 * Makes a sealer: compact JWEs with `dir` and `A256GCM` (RFC 7518 §4.5, §5.3). The id of the seal is the `kid` of the protected header, and
 * what the key is bound to stands beside it: a record put together from two others doesn't open.
 *
 * @throws ConfigError when the list is empty, or has a seal of another size, a guessable one, or one id twice
 */
export function createSealer(option: string, seals: readonly Seal[]): Sealer {
  const keys = checkSeals(option, seals);
  const [current = ''] = keys.keys();

  async function seal(record: Unsealed, jwk: object): Promise<string> {
    const header = { alg: 'dir', enc: 'A256GCM', kid: current, typ: type, for: bindingOf(record) };
    return new CompactEncrypt(utf8(JSON.stringify(jwk)))
      .setProtectedHeader(header)
      .encrypt(keys.get(current) ?? new Uint8Array());
  }

  async function open(record: KeyRecord): Promise<JWK> {
    const id = sealOf(record);
    const key = keys.get(id);
    if (!key) {
      throw new ConfigError(
        option,
        `has no seal "${id}", which the key "${record.kid}" was sealed with`,
        'add that seal behind the current one until every key is sealed anew',
      );
    }
    const opened = await compactDecrypt(record.sealed, key, {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
    }).catch(() => undefined); // what the library says may quote what it read
    const { protectedHeader: header, plaintext } = opened ?? {};
    const jwk =
      header?.typ === type && header.for === bindingOf(record) && plaintext && parseObject(plaintext);
    if (!jwk) {
      throw new ConfigError(
        option,
        `has a seal "${id}" that does not open the key "${record.kid}"`,
        'use the very bytes that it was sealed with; a record that was changed in the store opens with none',
      );
    }
    return jwk;
  }

  const isCurrent = (record: KeyRecord): boolean => sealOf(record) === current;
  return {
    seal,
    open,
    isCurrent,
    async reseal(record) {
      if (isCurrent(record)) return record;
      return { ...record, sealed: await seal(record, await open(record)) };
    },
  };
}

// As JSON, so that no two records have one.
function bindingOf({ kid, alg, createdAt, activeAt }: Unsealed): string {
  return JSON.stringify([kid, alg, createdAt, activeAt]);
}

/** The id of the seal, or nothing where the text is no JWE. */
function sealOf({ sealed }: KeyRecord): string {
  try {
    const { kid } = decodeProtectedHeader(sealed);
    return typeof kid === 'string' && kid.length <= 64 ? kid : '';
  } catch {
    return '';
  }
}

function checkSeals(option: string, seals: unknown): ReadonlyMap<string, Uint8Array> {
  const keys = new Map<string, Uint8Array>();
  for (const [index, seal] of (Array.isArray(seals) ? seals : []).entries()) {
    const { id, key } = (seal ?? {}) as Partial<Record<keyof Seal, unknown>>; // both are checked
    const isText = typeof id === 'string' && id !== '' && id.length <= 64;
    if (!isText || keys.has(id)) {
      throw new ConfigError(
        `${option}[${index}].id`,
        'is missing, too long or there twice',
        "write id: '2026-11'",
      );
    }
    if (!(key instanceof Uint8Array) || key.length !== 32 || new Set(key).size < 8) {
      throw new ConfigError(
        `${option}[${index}].key`,
        'is not a key',
        'use 32 bytes from a random generator',
      );
    }
    keys.set(id, Uint8Array.from(key));
  }
  if (keys.size > 0) return keys;
  throw new ConfigError(
    option,
    'is missing',
    'pass seal: [{ id, key }] with 32 random bytes from your secret store',
  );
}
