import type { PolicyPrincipal } from '@secapi/policy';

/** Who a request acts for. An application may add to it; guards and policies read these members. */
export interface Principal extends PolicyPrincipal {
  /** The subject: stable, unique, no personal data. */
  readonly id: string;
  /** Its roles; `{ role, tenant }` is one that it has in one tenant alone. */
  readonly roles: PolicyPrincipal['roles'];
  /** The tenant that it belongs to, where there are several. */
  readonly tenant?: string;
  /** The session that the access token belongs to. */
  readonly session?: string;
  /** When it last proved who it is, in milliseconds: what `signedInWithin` asks for. @default unknown, which is too long ago */
  readonly authenticatedAt?: number;
}
