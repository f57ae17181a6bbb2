import {
  type Clock,
  ConfigError,
  checkNumber,
  checkOptions,
  type Duration,
  SecapiError,
  toMilliseconds,
  utf8,
} from '@secapi/kernel';
import type { Engine } from './engine.js';
import type { HashingErrorCode } from './errors.js';
import { ceiling } from './hasher-options.js';

/** What a hash may take on this machine. */
export interface CalibrateOptions {
  /** How long one hash is to take, 1 ms to 10 s. Half a second is much for somebody who waits, and for the machine. */
  readonly target: Duration;
  /** KiB that one hash may take at most; 7,168 at least. @default 65536 (64 MiB) */
  readonly memory?: number;
  /** @default 1 */
  readonly parallelism?: number;
  /** A clock that moves while code runs. @default performance.now */
  readonly now?: Clock;
}

/** Parameters for `createPasswordHasher`, and how long a hash with them took. */
export interface Calibration {
  readonly memory: number;
  readonly iterations: number;
  readonly parallelism: number;
  /** The fastest of three. Over the target where OWASP's weakest advice takes longer than that here. */
  readonly milliseconds: number;
}

/** OWASP's advice for Argon2id: KiB that are enough with so many passes; each row is as strong as the others. */
const advice = [
  [1, 47_104],
  [2, 19_456],
  [3, 12_288],
  [4, 9_216],
  [5, 7_168],
] as const;

/** The least work of all rows, in the least memory. */
const cheapest: { memory: number; iterations: number } = { memory: 7_168, iterations: 5 };

const samples = 3;
const rounds = 4;

/** What `calibrate` does, on one of the engines. */
export async function calibrateOn(engine: Engine, options: CalibrateOptions): Promise<Calibration> {
  checkOptions('calibrate', options, ['target', 'memory', 'parallelism', 'now']);
  const target = toMilliseconds('calibrate.target', options.target, { min: 0.001, max: 10 });
  const most = checkNumber('calibrate.memory', options.memory ?? 65_536, { min: 7_168, max: ceiling.memory });
  const parallelism = checkNumber('calibrate.parallelism', options.parallelism ?? 1, {
    min: 1,
    max: ceiling.parallelism,
  });
  const now = options.now ?? (() => performance.now());
  if (typeof now !== 'function') {
    throw new ConfigError('calibrate.now', 'is not a clock', 'pass a function that answers milliseconds');
  }

  async function measure(memory: number, iterations: number): Promise<number> {
    let best = Number.POSITIVE_INFINITY;
    for (let sample = 0; sample < samples; sample++) {
      const input = { variant: 'argon2id', version: 19, memory, iterations, parallelism } as const;
      const start = now();
      await engine.argon2(utf8('a password to measure'), { ...input, salt: new Uint8Array(16), length: 32 });
      best = Math.min(best, now() - start);
    }
    if (best > 0) return best;
    throw new SecapiError<HashingErrorCode>(
      'HASHING_CLOCK_STOPPED',
      'the clock of this runtime does not move while a password is hashed: calibrate elsewhere',
    );
  }

  let choice = cheapest;
  let milliseconds = await measure(choice.memory, choice.iterations);
  for (let round = 0; round < rounds; round++) {
    // Time goes with memory times passes, nearly: what remains is found by measuring again.
    const work = (choice.memory * choice.iterations * target) / milliseconds;
    const next = chooseFor(work, most);
    if (next.memory === choice.memory && next.iterations === choice.iterations) break;
    choice = next;
    milliseconds = await measure(choice.memory, choice.iterations);
  }
  return { ...choice, parallelism, milliseconds };
}

/** All the memory first, then passes (RFC 9106 §4); less memory only where the time is too short for all of it. */
function chooseFor(work: number, most: number): { memory: number; iterations: number } {
  const passes = Math.min(ceiling.iterations, Math.floor(work / most));
  const fewest = advice.find(([, least]) => most >= least)?.[0] ?? 5;
  if (passes >= fewest) return { memory: most, iterations: passes };
  for (const [iterations, least] of advice) {
    const memory = Math.min(most, Math.floor(work / iterations / 1_024) * 1_024);
    if (memory >= least) return { memory, iterations };
  }
  return cheapest;
}
