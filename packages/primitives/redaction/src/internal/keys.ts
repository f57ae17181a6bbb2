import type { Hiding } from '../hiding.js';
import { classify, type KeyKind, wordsOf } from './words.js';

/** What a key says of its value, beyond {@link KeyKind}. */
export const keyKind = {
  /** Nothing. */
  open: 0,
  secret: 1,
  /** A secret, unless it is a number. */
  countable: 2,
  /** A list of names and values in turn. */
  pairs: 3,
  /** The value of what a member beside it names, or bytes. */
  sibling: 4,
  /** What to write in the place of its object, when it is a function. */
  json: 5,
} as const;

/** What is known of a key of an object. */
export interface KeyFacts {
  readonly kind: KeyKind | 3 | 4 | 5;
  readonly how: Hiding;
  /**
   * The key as it may be shown, as JSON with its colon: as the first of an object, after another, and after a text that
   * still lacks its quote; then the same three with the quote of a text that follows. Made for keys that are written.
   */
  leads?: readonly string[];
}

/** Looks keys up. */
export type Keys = (key: string) => KeyFacts;

const mostRemembered = 2_000;
const longestRemembered = 64;
const special: ReadonlyMap<string, 3 | 4 | 5> = new Map([
  ['rawHeaders', keyKind.pairs],
  ['rawTrailers', keyKind.pairs],
  ['headers', keyKind.pairs],
  ['value', keyKind.sibling],
  ['data', keyKind.sibling],
  ['toJSON', keyKind.json],
]);

/** Makes the look-up; the facts of short keys are remembered, as what a key is called says the same for every request. */
export function createKeys(own: readonly (readonly [string, Hiding])[]): Keys {
  const owned = own.map(([key, how]) => ({
    how,
    joined: wordsOf(key).join(''),
    spaced: ` ${wordsOf(key).join(' ')} `,
  }));
  const remembered = new Map<string, KeyFacts>();

  function learn(key: string): KeyFacts {
    const parts = owned.length > 0 ? wordsOf(key.slice(-256)) : [];
    const joined = parts.join('');
    const spaced = ` ${parts.join(' ')} `;
    const mine = owned.find((each) => joined === each.joined || spaced.includes(each.spaced));
    const facts: KeyFacts = {
      kind: mine ? keyKind.secret : classify(key) || (special.get(key) ?? keyKind.open),
      how: mine?.how ?? 'mask',
    };
    if (remembered.size >= mostRemembered) remembered.clear();
    if (key.length <= longestRemembered) remembered.set(key, facts);
    return facts;
  }

  return (key) => remembered.get(key) ?? learn(key);
}
