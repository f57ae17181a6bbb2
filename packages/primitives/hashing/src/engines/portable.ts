import { argon2dAsync, argon2iAsync, argon2idAsync } from '@noble/hashes/argon2.js';
import { sha1 } from '@noble/hashes/legacy.js';
import { pbkdf2Async } from '@noble/hashes/pbkdf2.js';
import { scryptAsync } from '@noble/hashes/scrypt.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import type { Engine } from '../engine.js';

const argon2 = { argon2d: argon2dAsync, argon2i: argon2iAsync, argon2id: argon2idAsync };
const digests = { sha1, sha256, sha512 };

/**
 * JavaScript alone, for runtimes without native code: some twenty times slower, on the event loop in steps of 10 ms. It
 * runs one hash at a time, since more would only hold more memory. Argon2 and scrypt can be aborted while they run.
 */
export const portableEngine: Engine = {
  concurrency: 1,

  argon2(password, { variant, version, memory, iterations, parallelism, salt, length, secret }, signal) {
    return argon2[variant](password, salt, {
      version,
      m: memory,
      t: iterations,
      p: parallelism,
      dkLen: length,
      ...(secret && { key: secret }),
      ...stopBy(signal),
    });
  },

  scrypt(password, { cost, blockSize, parallelism, salt, length }, signal) {
    const maxmem = 128 * blockSize * (cost + parallelism + 2) + 1_024;
    return scryptAsync(password, salt, {
      N: cost,
      r: blockSize,
      p: parallelism,
      dkLen: length,
      maxmem,
      ...stopBy(signal),
    });
  },

  pbkdf2(password, { digest, iterations, salt, length }) {
    return pbkdf2Async(digests[digest], password, salt, { c: iterations, dkLen: length });
  },

  /** Loaded when the first such hash is met: most never meet one. */
  async bcrypt(password, hash) {
    const { compare } = await import('bcryptjs');
    return compare(password, hash);
  },
};

/** The library asks between its steps; to throw there is how work is ended. */
function stopBy(signal: AbortSignal | undefined) {
  if (!signal) return undefined;
  return { onProgress: () => signal.throwIfAborted() };
}
