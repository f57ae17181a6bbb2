/** Who a request acts for. An application may add to it; guards and policies read these members. */
export interface Principal {
  /** The subject: stable, unique, no personal data. */
  readonly id: string;
  readonly roles: readonly string[];
  /** The tenant that it belongs to, where there are several. */
  readonly tenant?: string;
  /** The session that the access token belongs to. */
  readonly session?: string;
  /** When it last proved who it is, in milliseconds: what `signedInWithin` asks for. @default unknown, which is too long ago */
  readonly authenticatedAt?: number;
}
