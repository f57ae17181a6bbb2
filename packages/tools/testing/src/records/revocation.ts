import type { RevocationEntry } from '@secapi/tokens';

/** When the tests happen. */
export const start: number = 1_800_000_000_000;
/** Of a token that was issued then. */
export const claims: { jti: string; sid: string; sub: string; iat: number } = {
  jti: 'token-1',
  sid: 'session-1',
  sub: 'ann',
  iat: start / 1_000,
};

/** A revocation that holds for 15 minutes. */
export function entryOf(
  kind: RevocationEntry['kind'],
  id: string,
  more: Partial<RevocationEntry> = {},
): RevocationEntry {
  return { kind, id, at: start, until: start + 900_000, ...more };
}
