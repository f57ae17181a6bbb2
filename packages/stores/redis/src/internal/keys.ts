import { createHash, createHmac } from 'node:crypto';
import { ConfigError } from '@secapi/kernel';

/** Options that all stores have. */
export interface KeyOptions {
  /**
   * What all keys of this application begin with: 1 to 64 letters, digits and `. _ : -`.
   *
   * @default 'secapi'
   */
  readonly prefix?: string;
  /**
   * At least 32 bytes: Redis sees HMAC-SHA256 pseudonyms of identifiers. Without it, it sees their SHA-256 digests, from which an address can
   * be guessed. All processes need the same one.
   */
  readonly key?: Uint8Array;
}

/** Makes Redis keys of one kind from identifiers, which never appear in them. */
export function createKeyMaker(where: string, kind: string, options: KeyOptions): (id: string) => string {
  const { prefix = 'secapi', key } = options;
  if (typeof prefix !== 'string' || prefix.length > 64 || !/^[\w.:-]+$/.test(prefix)) {
    throw new ConfigError(`${where}.prefix`, 'is not a prefix', 'use 1 to 64 letters, digits and . _ : -');
  }
  if (key && (!(key instanceof Uint8Array) || key.length < 32)) {
    throw new ConfigError(`${where}.key`, 'is not a key of at least 32 bytes', 'use 32 random bytes');
  }
  const secret = key && Buffer.from(key);
  return function redisKey(id) {
    const hash = secret ? createHmac('sha256', secret) : createHash('sha256');
    // 144 bits: short keys, and still no two identifiers in one.
    return `${prefix}:${kind}:${hash.update(`${kind}\0${id}`).digest('base64url').slice(0, 24)}`;
  };
}
