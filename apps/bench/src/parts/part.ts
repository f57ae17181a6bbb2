import type { Contender } from '../timer.js';

/** One piece of work, done by secapi, by its peers and by the least code that could do it. */
export interface Part {
  readonly title: string;
  readonly note?: string;
  /** The first one is what the others are compared with. */
  readonly contenders: readonly Contender[];
  /** Whether to say how many are done in a second instead of what one takes. */
  readonly perSecond?: boolean;
}
