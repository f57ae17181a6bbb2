import type { HtmlRefusal } from './errors.js';

/** What stays of a text, as plain data: it is sent to threads. */
export interface Rules {
  readonly tags: readonly string[];
  readonly attributes: readonly string[];
  readonly maxBytes: number;
  readonly maxDepth: number;
  readonly links: LinkRules;
}

/** What becomes of links before any function of the user's sees them. */
export interface LinkRules {
  /** Whether links without an origin stay, go, or are made whole against `base`. */
  readonly relative: 'keep' | 'remove' | { readonly base: string };
  /** What every link is given, written out: ` rel="…"`. */
  readonly given: string;
}

/** Safe HTML, or why there is none. */
export type SanitizeResult =
  | { readonly ok: true; readonly html: string }
  | { readonly ok: false; readonly reason: HtmlRefusal };
