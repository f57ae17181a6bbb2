import type { OneTimeRecord } from '@secapi/tokens';

/** When the tests happen. */
export const start: number = 1_800_000_000_000.5; // half a millisecond shows a store that rounds

/** A record that ends a second after {@link start}. */
export function recordOf(digest: string, more: Partial<OneTimeRecord> = {}): OneTimeRecord {
  return { digest, purpose: 'reset', subject: 'ann', expiresAt: start + 1_000, ...more };
}
