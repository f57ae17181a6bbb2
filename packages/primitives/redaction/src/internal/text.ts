import type { Hide, Hiding } from '../hiding.js';
import { createMaskAssignments } from './assignments.js';
import type { Keys } from './keys.js';
import { askedBeginnings, beginnings, createMaskPatterns, schemes, type ValueForm } from './patterns.js';

/** Hides what looks like a secret in free text. */
export interface MaskText {
  (text: string): string;
  /** Whether a text has no secret in it and needs no escape in JSON, by two cheap tests that only err to the safe side. */
  isClean(text: string): boolean;
}

/** What the hiding in texts is made from. */
export interface MaskTextParts {
  readonly censor: string;
  readonly hide: Hide;
  readonly keys: Keys;
  readonly values: Readonly<Partial<Record<ValueForm, Hiding>>>;
  /** Characters of a text; what is beyond is left out. */
  readonly limit: number;
}

// Quotes, backslashes, controls, what is not ASCII; and what assigns or encodes.
const odd = /[^ !#$&-9;<>-[\]-~]/;
const date = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

export function createMaskText({ censor, hide, keys, values, limit }: MaskTextParts): MaskText {
  const patterns = createMaskPatterns(hide, values);
  const assignments = createMaskAssignments(censor, hide, keys);
  const asked = values.email || values.iban || values.phone;
  const sought = asked ? [...beginnings, askedBeginnings] : beginnings;
  // Some more than the limit is looked at, so that a secret which lies across it is seen whole.
  const seen = limit + 1_024;

  function begins(text: string): boolean {
    for (const beginning of sought) if (beginning.test(text)) return true;
    return false;
  }

  function mask(text: string): string {
    return assignments(begins(text) ? patterns(text) : text);
  }

  function maskText(text: string): string {
    if (text.length <= limit) return mask(text);
    return `${mask(text.slice(0, seen)).slice(0, limit)}… [${text.length - limit} more characters]`;
  }

  function isClean(text: string): boolean {
    if (odd.test(text)) return date.test(text);
    return text.length < shortestToken ? text.length < shortestScheme || !schemes.test(text) : !begins(text);
  }

  return Object.assign(maskText, { isClean });
}

// Of texts without odd characters: `dpop abcd`, `4000000000006`.
const shortestScheme = 9;
const shortestToken = 12;
