import type { RefreshFamilyRecord, RotateInput } from '@secapi/tokens';

/** In milliseconds. */
export const day: number = 86_400_000;
/** When the tests happen. */
export const start: number = 1_800_000_000_000.5; // half a millisecond shows a store that rounds

/** A family that began at {@link start}. */
export function familyOf(
  id: string,
  subject: string,
  more: Partial<RefreshFamilyRecord> = {},
): RefreshFamilyRecord {
  return {
    id,
    subject,
    device: { userAgent: 'suite', address: '192.0.2.1' },
    createdAt: start,
    lastUsedAt: start,
    expiresAt: start + 14 * day,
    absoluteExpiresAt: start + 90 * day,
    ...more,
  };
}

/** An attempt to rotate, a millisecond after {@link start}. */
export function turn(digest: string, nextDigest: string, more: Partial<RotateInput> = {}): RotateInput {
  return {
    digest,
    nextDigest,
    salt: `salt of ${nextDigest}`,
    now: start + 1,
    graceMs: 5_000,
    idleMs: 14 * day,
    ...more,
  };
}
