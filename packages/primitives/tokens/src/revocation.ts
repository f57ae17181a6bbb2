import type { MaybePromise } from '@secapi/kernel';
import type { AccessClaims } from './claims.js';

/** One revocation. */
export interface RevocationEntry {
  /** What is revoked: one token (`jti`), one session (`sid`), or what a subject (`sub`) has been given so far. */
  readonly kind: 'token' | 'session' | 'subject';
  readonly id: string;
  /** When, in milliseconds; of a subject, tokens issued at or before it are dead and later ones live. */
  readonly at: number;
  /** When it may be forgotten, in milliseconds: no token that it concerns lives longer. */
  readonly until: number;
}

/** Knows which access tokens were revoked before they expired (ASVS v5.0.0-7.4.1). */
export interface RevocationStore {
  revoke(entry: RevocationEntry): Promise<void>;
  /** Whether the token, its session or its subject is revoked. `iat` is seconds; a verifier adds the milliseconds as a fraction where it knows them. */
  isRevoked(claims: Pick<AccessClaims, 'jti' | 'sid' | 'sub' | 'iat'>): MaybePromise<boolean>;
}
