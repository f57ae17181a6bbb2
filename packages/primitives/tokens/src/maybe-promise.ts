/** A value, or a promise of it: `await` takes both, and what is there at once costs no turn of the event loop. */
export type MaybePromise<T> = T | Promise<T>;
