import { createMaskAssignments } from './assignments.js';
import { createMaskPatterns } from './patterns.js';
import { sign, signsOf } from './signs.js';
import type { KeyKind } from './words.js';

/** Masks what looks like a secret in free text. */
export type MaskText = (text: string, signs?: number) => string;

/** Makes the masking of free text up to `limit` characters; what is beyond is left out. */
export function createMaskText(
  censor: string,
  kindOf: (key: string) => KeyKind,
  any: boolean,
  limit: number,
): MaskText {
  const patterns = createMaskPatterns(censor);
  const assignments = createMaskAssignments(censor, kindOf, any);
  // Some more than the limit is looked at, so that a secret which lies across it is seen whole.
  const seen = limit + 1_024;

  function mask(text: string, signs: number): string {
    const masked = patterns(text, signs);
    return (signs & (sign.assign | sign.mark)) === 0 ? masked : assignments(masked, signs);
  }

  return function maskText(text, signs = signsOf(text)) {
    if (text.length < shortest) return text;
    if (text.length <= limit) return mask(text, signs);
    const masked = mask(text.length > seen ? text.slice(0, seen) : text, signs);
    return `${masked.slice(0, limit)}… [${text.length - limit} more characters]`;
  };
}

const shortest = 5;
