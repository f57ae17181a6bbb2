/** A value now, or a promise of it: what a step returns that is synchronous where it can be. */
export type MaybePromise<T> = T | Promise<T>;

/** Whether a value is a promise, that is: whether one must wait. */
export function isPromise<T>(value: MaybePromise<T>): value is Promise<T> {
  return (
    typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
  );
}

/** Goes on with a value: at once when it is there, later when it is a promise. One path of code for both. */
export function andThen<T, U>(value: MaybePromise<T>, next: (value: T) => MaybePromise<U>): MaybePromise<U> {
  return isPromise(value) ? value.then(next) : next(value);
}
