import type { KeyKind } from './words.js';

/** What a key says of its value. */
export const keyKind = {
  /** Nothing. */
  open: 0,
  secret: 1,
  /** A secret, unless it is a number. */
  countable: 2,
  /** A list of names and values in turn. */
  pairs: 3,
  /** The value of what a member beside it names. */
  sibling: 4,
} as const;

/** What is known of a key of an object. */
export interface KeyFacts {
  readonly kind: KeyKind | 3 | 4;
  /** The key as it may be shown, as JSON with its colon. */
  readonly json: string;
}

const mostRemembered = 2_000;
const longestRemembered = 64;
const special: ReadonlyMap<string, 3 | 4> = new Map([
  ['rawHeaders', keyKind.pairs],
  ['rawTrailers', keyKind.pairs],
  ['value', keyKind.sibling],
]);

/** Looks keys up; the facts of short ones are remembered, as what a key is called says the same for every request. */
export function createKeys(
  kindOf: (key: string) => KeyKind,
  text: (value: string) => string,
): (key: string) => KeyFacts {
  const remembered = new Map<string, KeyFacts>();
  return function factsOf(key: string): KeyFacts {
    const known = remembered.get(key);
    if (known !== undefined) return known;
    const facts: KeyFacts = {
      kind: kindOf(key) || (special.get(key) ?? keyKind.open),
      json: `${JSON.stringify(text(key))}:`,
    };
    if (key.length <= longestRemembered && remembered.size < mostRemembered) remembered.set(key, facts);
    return facts;
  };
}
