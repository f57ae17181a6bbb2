import type { Argon2Input, Pbkdf2Input, ScryptInput } from '../engine.js';
import { readArgon2 } from './argon2.js';
import { readBcrypt } from './bcrypt.js';
import { readPbkdf2 } from './pbkdf2.js';
import { readScrypt } from './scrypt.js';

/** Schemes other than Argon2id whose hashes can be accepted until the next login makes them Argon2id. */
export type ForeignScheme = 'argon2i' | 'argon2d' | 'bcrypt' | 'scrypt' | 'pbkdf2';

/** A stored hash in its parts. */
export type ParsedHash =
  | { readonly scheme: Argon2Input['variant']; readonly input: Argon2Input; readonly digest: Uint8Array }
  | { readonly scheme: 'scrypt'; readonly input: ScryptInput; readonly digest: Uint8Array }
  | { readonly scheme: 'pbkdf2'; readonly input: Pbkdf2Input; readonly digest: Uint8Array }
  | { readonly scheme: 'bcrypt'; readonly cost: number; readonly hash: string };

/** What a stored hash may cost: a planted one must neither take the machine's memory nor its time. */
export interface CostLimits {
  /** KiB; the work, memory times passes, may be four times as much. */
  readonly memory: number;
}

const longest = 512;
const maxBcryptCost = 15;
const maxPbkdf2Rounds = 4_000_000;
const pbkdf2Block = { sha1: 20, sha256: 32, sha512: 64 };

/** Takes a stored hash apart, or answers `undefined` when it isn't one, letter for letter. */
export function readHash(text: string): ParsedHash | undefined {
  if (text.length > longest) return undefined;
  return readArgon2(text) ?? readBcrypt(text) ?? readScrypt(text) ?? readPbkdf2(text);
}

/** Whether verifying a hash stays within the limits. */
export function isAffordable(hash: ParsedHash, limits: CostLimits): boolean {
  const maxWork = limits.memory * 4;
  if (hash.scheme === 'bcrypt') return hash.cost <= maxBcryptCost;
  if (hash.scheme === 'pbkdf2') {
    const { iterations, length, digest } = hash.input;
    return iterations * Math.ceil(length / pbkdf2Block[digest]) <= maxPbkdf2Rounds;
  }
  if (hash.scheme === 'scrypt') {
    const { cost, blockSize, parallelism } = hash.input;
    const memory = (cost * blockSize) / 8; // 128 bytes × N × r, in KiB
    return parallelism <= 16 && memory <= limits.memory && memory * parallelism <= maxWork;
  }
  const { memory, iterations, parallelism } = hash.input;
  return parallelism <= 16 && memory <= limits.memory && memory * iterations <= maxWork;
}
