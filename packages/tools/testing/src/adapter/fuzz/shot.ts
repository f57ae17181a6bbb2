import fc from 'fast-check';
import type { Headers } from './heads.js';

/** One request as it goes over the wire, and whether all of it is as declared. */
export interface Shot {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Headers>;
  readonly body: Uint8Array;
  /** Where a body in chunks is cut; without it the body has a length. */
  readonly chunk: number | undefined;
  readonly honest: boolean;
}

/** How a body is cut, if it is. */
export const chunks: fc.Arbitrary<number | undefined> = fc.oneof(
  fc.constant(undefined),
  fc.integer({ min: 1, max: 4_096 }),
);
