import { ConfigError, checkNumber, checkOptions } from '@secapi/kernel';
import type { CostLimits, ForeignScheme } from './formats/stored-hash.js';
import { checkPeppers, type Pepper } from './pepper.js';

/** How much work a hash is, which others are accepted, and how many may be made at once. */
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
  /**
   * Other schemes whose stored hashes verify, until the next login makes them Argon2id. `[]` ends a migration: what is
   * left of the old hashes is then as good as none. Argon2id itself is always accepted, with other parameters too.
   * @default ['argon2i', 'bcrypt', 'scrypt', 'pbkdf2']
   */
  readonly accept?: readonly ForeignScheme[];
  /**
   * KiB that a stored hash may take to verify, and in passes four times as much: a costlier one is refused unread.
   * @default 262144 (256 MiB), or `memory` if that is more
   */
  readonly maxVerifyMemory?: number;
  /**
   * How many hashes run at once: the memory of hashing is bounded by this times `memory`, and by this times
   * `maxVerifyMemory` if there are hashes so costly.
   * @default 2, and 1 with the portable engine, which has one thread
   */
  readonly concurrency?: number;
  /** How many more may wait; beyond it `HASHING_BUSY`. @default 64 */
  readonly queue?: number;
}

/** Options as they are used, every one checked. */
export interface HasherSettings {
  readonly memory: number;
  readonly iterations: number;
  readonly parallelism: number;
  readonly peppers: ReadonlyMap<string, Uint8Array>;
  readonly currentPepper: string | undefined;
  readonly accept: ReadonlySet<string>;
  readonly limits: CostLimits;
  readonly concurrency: number;
  readonly queue: number;
}

const known = [
  'memory',
  'iterations',
  'parallelism',
  'pepper',
  'accept',
  'maxVerifyMemory',
  'concurrency',
  'queue',
];
const schemes = ['argon2i', 'argon2d', 'bcrypt', 'scrypt', 'pbkdf2'];

/** What a hash may weigh at most, in KiB, passes and lanes. */
export const ceiling = { memory: 1_048_576, iterations: 64, parallelism: 16 } as const;

/** @throws ConfigError when an option is unknown, out of bounds or weaker than OWASP's weakest advice */
export function checkHasherOptions(options: PasswordHasherOptions, concurrency: number): HasherSettings {
  checkOptions('hasher', options, known);
  const bounded = (name: string, value: unknown, min: number, max: number) =>
    checkNumber(`hasher.${name}`, value, { min, max });
  const memory = bounded('memory', options.memory ?? 19_456, 7_168, ceiling.memory);
  const iterations = bounded('iterations', options.iterations ?? 2, 1, ceiling.iterations);
  const parallelism = bounded('parallelism', options.parallelism ?? 1, 1, ceiling.parallelism);
  if (memory * iterations < 35_840) {
    throw new ConfigError(
      'hasher.iterations',
      'is too low for this memory',
      'use memory 19456 with iterations 2, or a product of the two of 35840 at least',
    );
  }
  const verifyMemory = options.maxVerifyMemory ?? Math.max(memory, 262_144);
  return {
    memory,
    iterations,
    parallelism,
    peppers: checkPeppers(options.pepper ?? []),
    currentPepper: options.pepper?.[0]?.id,
    accept: checkAccept(options.accept ?? ['argon2i', 'bcrypt', 'scrypt', 'pbkdf2']),
    limits: { memory: bounded('maxVerifyMemory', verifyMemory, memory, ceiling.memory) },
    concurrency: bounded('concurrency', options.concurrency ?? concurrency, 1, 64),
    queue: bounded('queue', options.queue ?? 64, 0, 10_000),
  };
}

function checkAccept(accept: readonly string[]): ReadonlySet<string> {
  if (!Array.isArray(accept)) {
    throw new ConfigError('hasher.accept', 'is not a list', `write some of ${schemes.join(', ')}, or []`);
  }
  accept.forEach((name, index) => {
    if (schemes.includes(name)) return;
    throw new ConfigError(`hasher.accept[${index}]`, 'is not a scheme', `use one of ${schemes.join(', ')}`);
  });
  return new Set(['argon2id', ...accept]);
}
