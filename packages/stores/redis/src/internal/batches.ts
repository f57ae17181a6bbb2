/** What one call takes and gives for one item of its batch. */
export interface BatchItem<T, R> {
  readonly value: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

/** How items are gathered. */
export interface BatchOptions<T, R> {
  /** The most that one call may hold, in the units of `sizeOf`; a larger item goes alone. */
  readonly most: number;
  readonly sizeOf: (value: T) => number;
  /** Does all of a batch in one call, and settles each item; when it rejects, all that are left fail with its error. */
  readonly run: (items: readonly BatchItem<T, R>[]) => Promise<void>;
}

/**
 * Gathers what is asked during one turn of the event loop into one call: requests that came in together cost one round trip together. More than
 * `most` become several calls, each with a fate of its own.
 */
export function createBatches<T, R>({ most, sizeOf, run }: BatchOptions<T, R>): (value: T) => Promise<R> {
  let items: BatchItem<T, R>[] = [];
  let size = 0;
  let planned = false;

  function flush(): void {
    const batch = items;
    items = [];
    size = 0;
    if (batch.length === 0) return;
    run(batch).catch((error: unknown) => {
      for (const { reject } of batch) reject(error); // those that are settled already don't hear it
    });
  }

  function endTurn(): void {
    planned = false;
    flush();
  }

  return function add(value) {
    return new Promise((resolve, reject) => {
      const more = sizeOf(value);
      if (size + more > most) flush();
      items.push({ value, resolve, reject });
      size += more;
      if (planned) return;
      planned = true;
      setImmediate(endTurn);
    });
  };
}
