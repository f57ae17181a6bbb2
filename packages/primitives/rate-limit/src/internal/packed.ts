import type { AlgorithmName, LimitAlgorithm } from '../algorithms/algorithm.js';
import { fixedWindow } from '../algorithms/fixed-window.js';
import { gcra } from '../algorithms/gcra.js';
import { slidingWindow } from '../algorithms/sliding-window.js';
import { tokenBucket } from '../algorithms/token-bucket.js';

/** A counter as a table keeps it: a time, two 32-bit numbers, and which algorithm they are of. */
export interface PackedCounter {
  readonly kind: number;
  readonly time: number;
  readonly a: number;
  readonly b: number;
}

/** An algorithm whose state fits into a place of the table. */
export interface PackedAlgorithm<State> {
  readonly kind: number;
  readonly algorithm: LimitAlgorithm<State>;
  pack(state: State): PackedCounter;
  unpack(counter: PackedCounter): State;
  /** The time from which on the counter may be given up. */
  end(counter: PackedCounter, windowMs: number): number;
}

const fixedPacked: PackedAlgorithm<{ readonly start: number; readonly count: number }> = {
  kind: 1,
  algorithm: fixedWindow,
  pack: ({ start, count }) => ({ kind: 1, time: start, a: count, b: 0 }),
  unpack: ({ time, a }) => ({ start: time, count: a }),
  end: ({ time, a }, windowMs) => (a === 0 ? time : time + windowMs),
};

const bucketPacked: PackedAlgorithm<{ readonly time: number; readonly missing: number }> = {
  kind: 2,
  algorithm: tokenBucket,
  pack: ({ time, missing }) => ({
    kind: 2,
    time,
    a: Math.floor(missing / 2 ** 32),
    b: missing % 2 ** 32,
  }),
  unpack: ({ time, a, b }) => ({ time, missing: a * 2 ** 32 + b }),
  end: ({ time }, windowMs) => time + windowMs, // full by then, whatever its rate
};

const gcraPacked: PackedAlgorithm<{ readonly time: number; readonly fraction: number }> = {
  kind: 3,
  algorithm: gcra,
  pack: ({ time, fraction }) => ({ kind: 3, time, a: fraction, b: 0 }),
  unpack: ({ time, a }) => ({ time, fraction: a }),
  end: ({ time, a }) => (a === 0 ? time : time + 1),
};

const windowPacked: PackedAlgorithm<{
  readonly start: number;
  readonly previous: number;
  readonly current: number;
}> = {
  kind: 0,
  algorithm: slidingWindow,
  pack: ({ start, previous, current }) => ({ kind: 0, time: start, a: previous, b: current }),
  unpack: ({ time, a, b }) => ({ start: time, previous: a, current: b }),
  end: ({ time, a, b }, windowMs) =>
    slidingWindow.end({ start: time, previous: a, current: b }, { limit: 1, windowMs }), // it doesn't depend on the limit
};

// Each reads only what it has packed itself: a place tells the kind, and another kind's is taken as empty.
const byKind = [windowPacked, fixedPacked, bucketPacked, gcraPacked] as readonly PackedAlgorithm<unknown>[];

const byName = new Map(byKind.map((packed) => [packed.algorithm.name, packed]));

/** The time from which on a counter may be given up. */
export function packedEnd(counter: PackedCounter, windowMs: number): number {
  return byKind[counter.kind]?.end(counter, windowMs) ?? 0;
}

/** How an algorithm's state is packed; undefined for one that needs a log. */
export function packedBy(name: AlgorithmName): PackedAlgorithm<unknown> | undefined {
  return byName.get(name);
}
