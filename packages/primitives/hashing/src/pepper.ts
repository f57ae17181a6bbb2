import { ConfigError, checkOptions } from '@secapi/kernel';

/** A secret that every hash needs besides the password, kept outside the database (ASVS v5.0.0-11.4.2). */
export interface Pepper {
  /** 1 to 32 of `A-Z a-z 0-9 _ -`; it stands before the hash. */
  readonly id: string;
  /** 32 random bytes or more. */
  readonly key: Uint8Array;
}

/** A stored hash, taken apart. */
export interface StoredHash {
  readonly pepperId: string | undefined;
  /** The PHC string. */
  readonly phc: string;
}

/** @throws ConfigError when an id or key is unusable, or two have one id */
export function checkPeppers(peppers: readonly Pepper[]): ReadonlyMap<string, Uint8Array> {
  if (!Array.isArray(peppers)) {
    throw new ConfigError('hasher.pepper', 'is not a list', 'write [{ id, key }], the current one first');
  }
  const keys = new Map<string, Uint8Array>();
  peppers.forEach((pepper, index) => {
    const option = `hasher.pepper[${index}]`;
    checkOptions(option, pepper, ['id', 'key']);
    if (typeof pepper.id !== 'string' || !/^[A-Za-z0-9_-]{1,32}$/.test(pepper.id)) {
      throw new ConfigError(`${option}.id`, 'is not an id', 'use 1 to 32 letters, digits, _ or -');
    }
    if (keys.has(pepper.id)) {
      throw new ConfigError(`${option}.id`, `is "${pepper.id}" twice`, 'give each pepper an id of its own');
    }
    if (!(pepper.key instanceof Uint8Array) || pepper.key.length < 32) {
      throw new ConfigError(`${option}.key`, 'is too short', 'use 32 random bytes or more, as a Uint8Array');
    }
    keys.set(pepper.id, Uint8Array.from(pepper.key));
  });
  return keys;
}

/** `{id}` before the PHC string says which pepper went into it. */
export function joinHash(pepperId: string | undefined, phc: string): string {
  return pepperId === undefined ? phc : `{${pepperId}}${phc}`;
}

/** Takes a stored hash apart; what isn't one comes back as a PHC string that won't parse. */
export function splitHash(hash: string): StoredHash {
  const match = hash.length <= 1_024 ? /^\{([A-Za-z0-9_-]{1,32})\}(.*)$/.exec(hash) : null;
  return match ? { pepperId: match[1], phc: match[2] ?? '' } : { pepperId: undefined, phc: hash };
}
