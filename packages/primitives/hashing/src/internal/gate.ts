import { SecapiError } from '@secapi/kernel';
import type { HashingErrorCode } from '../errors.js';

/** Lets a bounded number of tasks run at once and a bounded number wait. */
export interface Gate {
  /**
   * Runs a task when its turn comes. Aborted, it leaves the queue at once; if it runs already its caller stops waiting,
   * and its place is free when the task has really ended.
   */
  run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/**
 * Each hash holds its memory while it runs, so a flood of logins is a flood of memory: what doesn't fit is refused at
 * once instead of being promised for later.
 */
export function createGate(concurrency: number, queue: number): Gate {
  let running = 0;
  const waiting = new Set<() => void>(); // in the order they came

  /** The one who leaves hands its place over, so that nobody who comes later can slip in between. */
  function leave(): void {
    const [next] = waiting;
    if (next) {
      waiting.delete(next);
      next();
    } else {
      running--;
    }
  }

  function run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (signal?.aborted) return reject(aborted());
      if (running >= concurrency && waiting.size >= queue) return reject(busy());

      function start(): void {
        work().then(resolve, reject).finally(end);
      }

      /** A promise in any case, so that a task that throws at once gives its place back as well. */
      async function work(): Promise<T> {
        return task();
      }

      function end(): void {
        signal?.removeEventListener('abort', abort);
        leave();
      }

      function abort(): void {
        if (waiting.delete(start)) signal?.removeEventListener('abort', abort);
        reject(aborted());
      }

      signal?.addEventListener('abort', abort, { once: true });
      if (running < concurrency) {
        running++;
        start();
      } else {
        waiting.add(start);
      }
    });
  }

  return { run };
}

function busy(): SecapiError {
  return new SecapiError<HashingErrorCode>('HASHING_BUSY', 'too many passwords are being hashed at once');
}

/** What a caller gets whose signal was aborted. */
export function aborted(): SecapiError {
  return new SecapiError<HashingErrorCode>('HASHING_ABORTED', 'the caller gave up on this password');
}
