import type { AccessClaims } from '../claims.js';
import type { RefreshFamilies } from '../refresh-families.js';
import type { TokenVerifier } from '../verifier.js';

/** What {@link introspect} asks. */
export interface IntrospectInput {
  /** The one that the API itself uses, revocations included. */
  readonly verifier: TokenVerifier;
  /** Where refresh tokens are to be known too; its store must have `peek`. */
  readonly families?: Pick<RefreshFamilies, 'inspect'> | undefined;
  /** `token_type_hint` as the caller sent it, whatever it is: the kind that is looked at first, and never believed. */
  readonly hint?: string | undefined;
}

/** The answer of RFC 7662 §2.2, to be sent as JSON. Times are seconds. */
export type Introspection =
  | { readonly active: false }
  | (Partial<AccessClaims> & {
      readonly active: true;
      readonly sub: string;
      readonly sid: string;
      readonly exp: number;
      readonly token_type?: 'Bearer';
    });

const inactive = { active: false } as const;

/**
 * What a token is worth (RFC 7662): its claims while it is active, and `{ active: false }`, nothing else, for every other one: unknown, expired,
 * revoked, used, forged or somebody else's. Who may ask is the caller's to decide, before this.
 *
 * @throws whatever the stores reject with, and SecapiError `TOKEN_STORE_INVALID` where the refresh store has no `peek` (as rejections)
 */
export async function introspect(token: unknown, input: IntrospectInput): Promise<Introspection> {
  if (typeof token !== 'string') return inactive;
  const { verifier, families, hint } = input;
  const asAccess = async (): Promise<Introspection> => {
    const verdict = await verifier.verify(token);
    return verdict.ok ? { active: true, token_type: 'Bearer', ...verdict.claims } : inactive;
  };
  const asRefresh = async (): Promise<Introspection> => {
    const session = await families?.inspect(token);
    if (!session) return inactive;
    const { id, subject, lastUsedAt, expiresAt } = session;
    const seconds = (time: number): number => Math.floor(time / 1_000);
    return { active: true, sub: subject, sid: id, iat: seconds(lastUsedAt), exp: seconds(expiresAt) };
  };
  const [first, second] = hint === 'refresh_token' ? [asRefresh, asAccess] : [asAccess, asRefresh];
  const found = await first();
  return found.active ? found : second();
}
