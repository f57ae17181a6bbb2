import { ConfigError } from '@secapi/kernel';

/** A key of the HTTP layer: a name that stands beside what it protects, and its bytes. */
export interface NamedKey {
  /** Its name in what it protects: 1 to 16 letters and digits. */
  readonly id: string;
  /** 32 random bytes or more. */
  readonly key: Uint8Array;
}

/** A key from which others are derived, each for one purpose (HKDF, RFC 5869). */
export interface Ring {
  readonly id: string;
  readonly base: Promise<CryptoKey>;
}

/**
 * Imports keys, the first of which protects what is new.
 *
 * @throws ConfigError when there is none, one is shorter than 32 bytes, or ids are not unique
 */
export function importKeys(option: string, keys: readonly NamedKey[]): Ring[] {
  if (!Array.isArray(keys) || keys.length === 0) {
    throw new ConfigError(option, 'are missing', "pass [{ id: 'c1', key: 32 random bytes }]");
  }
  const ids = new Set<string>();
  return keys.map(({ id, key }: NamedKey, i) => {
    if (typeof id !== 'string' || !/^[A-Za-z\d]{1,16}$/.test(id) || ids.has(id)) {
      throw new ConfigError(
        `${option}[${i}].id`,
        'is not a name of its own',
        'use 1 to 16 letters and digits',
      );
    }
    ids.add(id);
    if (!(key instanceof Uint8Array) || key.length < 32) {
      throw new ConfigError(
        `${option}[${i}].key`,
        'is not a key of at least 32 bytes',
        'use 32 random bytes',
      );
    }
    const base = crypto.subtle.importKey('raw', new Uint8Array(key), 'HKDF', false, ['deriveBits']);
    return { id, base };
  });
}
