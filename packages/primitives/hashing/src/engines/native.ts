import { pbkdf2, type ScryptOptions, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { hashRaw } from '@node-rs/argon2';
import { verify as verifyBcrypt } from '@node-rs/bcrypt';
import type { Engine } from '../engine.js';

// The library's enums are types only: these are their values.
const algorithm = { argon2d: 0, argon2i: 1, argon2id: 2 } as const;
const versions = { 16: 0, 19: 1 } as const;

const nodePbkdf2 = promisify(pbkdf2);
const nodeScrypt = promisify<Uint8Array, Uint8Array, number, ScryptOptions, Buffer>(scrypt);

/** Native code on the runtime's pool of threads: the event loop stays free. Work that waits for a thread can be aborted. */
export const nativeEngine: Engine = {
  concurrency: 2,

  argon2(password, input, signal) {
    const { variant, version, memory, iterations, parallelism, salt, length, secret } = input;
    const options = {
      algorithm: algorithm[variant],
      version: versions[version],
      memoryCost: memory,
      timeCost: iterations,
      parallelism,
      outputLen: length,
      salt,
      ...(secret && { secret }),
    };
    return abortable(signal, (own) => hashRaw(password, options, own));
  },

  scrypt(password, { cost, blockSize, parallelism, salt, length }) {
    // Node asks for the memory of all lanes and some to spare.
    const maxmem = 128 * blockSize * (cost + parallelism + 2) + 1_024;
    return nodeScrypt(password, salt, length, { N: cost, r: blockSize, p: parallelism, maxmem });
  },

  pbkdf2(password, { digest, iterations, salt, length }) {
    return nodePbkdf2(password, salt, iterations, length, digest);
  },

  bcrypt(password, hash, signal) {
    return abortable(signal, (own) => verifyBcrypt(password, hash, own));
  },
};

/** The library takes a signal's `onabort` for itself, so it gets one that nobody else has. */
async function abortable<T>(
  signal: AbortSignal | undefined,
  work: (own?: AbortSignal) => Promise<T>,
): Promise<T> {
  if (!signal) return work();
  const controller = new AbortController();
  const abort = () => controller.abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await work(controller.signal);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
