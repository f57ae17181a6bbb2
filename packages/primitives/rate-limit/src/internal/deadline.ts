import { SecapiError } from '@secapi/kernel';
import type { RateLimitErrorCode } from '../errors.js';

/** What a promise gives, or an error once `milliseconds` have passed; the promise itself goes on. */
export function withDeadline<T>(promise: Promise<T>, milliseconds: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer: unknown = setTimeout(() => {
      reject(
        new SecapiError<RateLimitErrorCode>(
          'RATE_LIMIT_STORE_TIMEOUT',
          `the store gave no answer within ${milliseconds} ms`,
        ),
      );
    }, milliseconds);
    // Node's timer is an object that would keep the process alive; elsewhere it is a number.
    if (typeof timer === 'object' && timer !== null && 'unref' in timer && typeof timer.unref === 'function')
      timer.unref();
    promise.then(resolve, reject).finally(() => clearTimeout(timer as Parameters<typeof clearTimeout>[0])); // what setTimeout gave
  });
}
