import { hash as argon2Hash, verify as argon2Verify, type Options, parseOptions } from '@node-rs/argon2';
import { ConfigError, checkNumber, checkOptions, SecapiError, utf8 } from '@secapi/kernel';
import type { HashingErrorCode } from './errors.js';
import { createGate } from './internal/gate.js';
import { isWellFormed } from './internal/text.js';
import { checkPeppers, joinHash, type Pepper, splitHash } from './pepper.js';

/** How much work a hash is, and how many may be made at once. */
export interface PasswordHasherOptions {
  /**
   * KiB of memory for each hash. Memory times iterations is 35,840 at least, OWASP's weakest advice.
   * @default 19456 (19 MiB)
   */
  readonly memory?: number;
  /** @default 2 */
  readonly iterations?: number;
  /** @default 1 */
  readonly parallelism?: number;
  /** The first one is current; the others still verify, and their hashes ask for a rehash. @default none */
  readonly pepper?: readonly Pepper[];
  /** How many hashes run at once: the memory of hashing is bounded by this times `memory`. @default 2 */
  readonly concurrency?: number;
  /** How many more may wait; beyond it `HASHING_BUSY`. @default 64 */
  readonly queue?: number;
}

/** Hashes and verifies passwords. */
export interface PasswordHasher {
  /**
   * A salted Argon2id hash as a PHC string, with `{id}` before it when there is a pepper. The password is normalised
   * (NFC) and otherwise taken as it is, all of it.
   *
   * @throws SecapiError `HASHING_BUSY`, `HASHING_PASSWORD_UNUSABLE` (over 4,096 UTF-16 units, or not valid Unicode)
   */
  hash(password: string): Promise<string>;
  /**
   * Whether a password is the one of a hash. Without a hash, or with one that can't be read, it does the work of the
   * current parameters all the same and answers `ok: false`, so that time doesn't tell who has an account.
   * `needsRehash` is set when the password is right and its hash has other parameters or another pepper than today's.
   *
   * @throws SecapiError `HASHING_BUSY`, `HASHING_PEPPER_UNKNOWN`
   */
  verify(password: string, hash: string | undefined): Promise<{ ok: boolean; needsRehash: boolean }>;
}

// The enum is a type only in the library; 2 is Argon2id and 1 is version 0x13 (RFC 9106).
const argon2id = 2;
const version13 = 1;
const maxLength = 4_096;
const ceiling = { memory: 1_048_576, iterations: 64, parallelism: 16 };

/**
 * A password hasher with Argon2id (RFC 9106, ASVS v5.0.0-11.4.2), bounded in concurrency and memory.
 *
 * @throws ConfigError when a parameter is out of bounds or weaker than OWASP's weakest advice
 */
export function createPasswordHasher(options: PasswordHasherOptions = {}): PasswordHasher {
  checkOptions('hasher', options, ['memory', 'iterations', 'parallelism', 'pepper', 'concurrency', 'queue']);
  const memory = checkNumber('hasher.memory', options.memory ?? 19_456, { min: 7_168, max: ceiling.memory });
  const iterations = checkNumber('hasher.iterations', options.iterations ?? 2, {
    min: 1,
    max: ceiling.iterations,
  });
  const parallelism = checkNumber('hasher.parallelism', options.parallelism ?? 1, {
    min: 1,
    max: ceiling.parallelism,
  });
  if (memory * iterations < 35_840) {
    throw new ConfigError(
      'hasher.iterations',
      'is too low for this memory',
      'use memory 19456 with iterations 2, or a product of the two of 35840 at least',
    );
  }
  const peppers = checkPeppers(options.pepper ?? []);
  const currentId = options.pepper?.[0]?.id;
  const gate = createGate(
    checkNumber('hasher.concurrency', options.concurrency ?? 2, { min: 1, max: 64 }),
    checkNumber('hasher.queue', options.queue ?? 64, { min: 0, max: 10_000 }),
  );
  const dummy = dummyHash(memory, iterations, parallelism);

  function settings(pepperId: string | undefined): Options {
    const secret = pepperId === undefined ? undefined : peppers.get(pepperId);
    return {
      algorithm: argon2id,
      version: version13,
      memoryCost: memory,
      timeCost: iterations,
      parallelism,
      ...(secret && { secret }),
    };
  }

  async function hash(password: string): Promise<string> {
    if (!isUsable(password)) {
      throw new SecapiError<HashingErrorCode>(
        'HASHING_PASSWORD_UNUSABLE',
        'the password to hash is too long or not valid Unicode: check it with the password rules first',
      );
    }
    const phc = await gate.run(() => argon2Hash(toBytes(password), settings(currentId)));
    return joinHash(currentId, phc);
  }

  async function verify(password: string, stored: string | undefined) {
    const { pepperId, phc } = splitHash(stored ?? '');
    const cost = readCost(phc);
    const known = pepperId === undefined || peppers.has(pepperId);
    const real = cost !== undefined && known && isUsable(password);
    const ok = await gate.run(() =>
      real
        ? argon2Verify(phc, toBytes(password), settings(pepperId))
        : argon2Verify(dummy, toBytes(password.slice(0, maxLength)), settings(currentId)),
    );
    if (cost !== undefined && !known) {
      throw new SecapiError<HashingErrorCode>(
        'HASHING_PEPPER_UNKNOWN',
        `a stored hash needs the pepper "${pepperId}": keep it in hasher.pepper until its last hash is gone`,
      );
    }
    const current =
      cost?.memory === memory && cost.iterations === iterations && cost.parallelism === parallelism;
    return { ok: real && ok, needsRehash: real && ok && (!current || pepperId !== currentId) };
  }

  return { hash, verify };
}

/** NFC makes a password typed on one keyboard the one typed on another; nothing else is changed (ASVS v5.0.0-6.2.8). */
function toBytes(password: string): Uint8Array {
  return utf8(password.normalize('NFC'));
}

function isUsable(password: string): boolean {
  return password.length <= maxLength && isWellFormed(password);
}

/** A hash that no password has: its digest is all zeros. */
function dummyHash(memory: number, iterations: number, parallelism: number): string {
  return `$argon2id$v=19$m=${memory},t=${iterations},p=${parallelism}$${'A'.repeat(22)}$${'A'.repeat(43)}`;
}

function readCost(phc: string) {
  if (!phc.startsWith('$argon2id$v=19$') || phc.length > 512) return undefined;
  try {
    const { memoryCost, timeCost, parallelism, outputLen, saltLen } = parseOptions(phc);
    // A planted hash must neither take the machine's memory nor be so short that anything matches it.
    if (memoryCost > ceiling.memory || timeCost > ceiling.iterations || parallelism > ceiling.parallelism) {
      return undefined;
    }
    if (outputLen < 16 || saltLen < 8) return undefined;
    return { memory: memoryCost, iterations: timeCost, parallelism };
  } catch {
    return undefined;
  }
}
