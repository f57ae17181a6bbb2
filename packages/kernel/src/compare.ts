import { utf8 } from './bytes.js';

/**
 * Whether two secrets are equal, in a time that depends on their length alone (ASVS v5.0.0-11.2.4).
 *
 * Compare digests of equal length where the length itself must not be told.
 */
export function constantTimeEqual(a: string | Uint8Array, b: string | Uint8Array): boolean {
  const left = typeof a === 'string' ? utf8(a) : a;
  const right = typeof b === 'string' ? utf8(b) : b;
  let difference = left.length ^ right.length;
  for (let i = 0; i < left.length; i++) difference |= (left[i] ?? 0) ^ (right[i] ?? 0);
  return difference === 0;
}
