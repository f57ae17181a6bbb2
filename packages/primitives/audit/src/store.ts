import type { TrailEntry } from './entry.js';

/** Where a trail lasts. Its methods never change or remove what is stored. */
export interface TrailStore {
  /**
   * Appends what `build` makes of the newest entry's hash: reading the head, building and storing are one transaction,
   * so that no two calls build on one head. Resolves when the entries are durable. May call `build` again to retry.
   */
  append(build: (previousHash: string) => Promise<readonly TrailEntry[]>): Promise<readonly TrailEntry[]>;
  /** A page, newest first; `before` is the `next` of the page before it. A cursor that is none gives an empty page. */
  list(page: TrailPage): Promise<TrailList>;
  /** Visits every entry, oldest first. */
  each(visit: (entry: TrailEntry) => void): Promise<void>;
  /**
   * The hash that the oldest kept entry builds on, where older ones have been let go.
   *
   * @default genesisHash: nothing is ever let go
   */
  anchor?(): string | Promise<string>;
}

/** Which page of the trail. */
export interface TrailPage {
  /** How many entries, 1 to 1,000. */
  readonly limit: number;
  /** An opaque cursor. */
  readonly before?: string;
}

/** A page of the trail. */
export interface TrailList {
  readonly items: TrailEntry[];
  /** The cursor of the next page, absent on the last. */
  readonly next?: string;
}
