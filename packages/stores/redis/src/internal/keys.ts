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
  const prefix = checkPrefix(where, options);
  const toName = createPseudonyms(where, kind, options);
  return (id) => `${prefix}:${kind}:${toName(id)}`;
}

/** The same for operations on several keys in a cluster, where they have to lie in one slot: `{prefix:kind}:name`. */
export function createTaggedKeyMaker(
  where: string,
  kind: string,
  options: KeyOptions,
): (id: string) => string {
  const prefix = checkPrefix(where, options);
  const toName = createPseudonyms(where, kind, options);
  return (id) => `{${prefix}:${kind}}:${toName(id)}`;
}

/**
 * The same maker with a memory for the keys of ids that come again: an HMAC takes longer than the rest of a decision. It remembers at most twice `most`.
 */
export function rememberKeys(toKey: (id: string) => string, most: number): (id: string) => string {
  let recent = new Map<string, string>();
  let older = new Map<string, string>();
  return function rememberedKey(id) {
    const known = recent.get(id);
    if (known !== undefined) return known;
    const key = older.get(id) ?? toKey(id);
    if (id.length > 256) return key; // a bound on memory needs one on its parts
    if (recent.size >= most) {
      older = recent;
      recent = new Map();
    }
    recent.set(id, key);
    return key;
  };
}

/** How long the pseudonym at the end of a key is. */
export const nameLength = 24;

/**
 * Makes keys that all lie in one slot, for operations on several of them (Redis Cluster: `{…}` is what is hashed): `{prefix:kind}:sort:name`, where
 * a sort is one letter.
 */
export function createSlotKeys(
  where: string,
  kind: string,
  options: KeyOptions,
): (sort: string, id: string) => string {
  const prefix = checkPrefix(where, options);
  const toName = createPseudonyms(where, kind, options);
  return (sort, id) => `{${prefix}:${kind}}:${sort}:${toName(`${sort}\0${id}`)}`;
}

/** Another key of the same kind and slot, by a name that is no identifier and so may be read. */
export function besideKey(key: string, name: string): string {
  return key.slice(0, -nameLength) + name;
}

/** The pseudonym in a key. */
export function nameIn(key: string): string {
  return key.slice(-nameLength);
}

function checkPrefix(where: string, { prefix = 'secapi' }: KeyOptions): string {
  if (typeof prefix !== 'string' || prefix.length > 64 || !/^[\w.:-]+$/.test(prefix)) {
    throw new ConfigError(`${where}.prefix`, 'is not a prefix', 'use 1 to 64 letters, digits and . _ : -');
  }
  return prefix;
}

function createPseudonyms(where: string, kind: string, { key }: KeyOptions): (id: string) => string {
  if (key && (!(key instanceof Uint8Array) || key.length < 32)) {
    throw new ConfigError(`${where}.key`, 'is not a key of at least 32 bytes', 'use 32 random bytes');
  }
  const secret = key && Buffer.from(key);
  return function pseudonym(id) {
    const hash = secret ? createHmac('sha256', secret) : createHash('sha256');
    // UTF-16, because in UTF-8 all lone surrogates are one. 144 bits: short keys, and still no two identifiers in one.
    return hash.update(`${kind}\0${id}`, 'utf16le').digest('base64url').slice(0, nameLength);
  };
}
