import { SecapiError } from '@secapi/kernel';
import type { HashingErrorCode } from '../errors.js';

/** Lets a bounded number of tasks run at once and a bounded number wait. */
export interface Gate {
  run<T>(task: () => Promise<T>): Promise<T>;
}

/**
 * Each hash holds its memory while it runs, so a flood of logins is a flood of memory: what doesn't fit is refused at
 * once instead of being promised for later.
 */
export function createGate(concurrency: number, queue: number): Gate {
  let running = 0;
  const waiting: (() => void)[] = [];

  async function run<T>(task: () => Promise<T>): Promise<T> {
    if (running >= concurrency) {
      if (waiting.length >= queue) {
        throw new SecapiError<HashingErrorCode>(
          'HASHING_BUSY',
          'too many passwords are being hashed at once',
        );
      }
      // The one who leaves hands its place over, so that nobody who comes later can slip in between.
      await new Promise<void>((admit) => waiting.push(admit));
    } else {
      running++;
    }
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  }

  return { run };
}
