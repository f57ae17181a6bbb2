import type { TokenRefusal } from './errors.js';

/** The claims of an access token (RFC 9068 §2.2), as a verifier returns them: these and no others, with these types. */
export interface AccessClaims {
  readonly iss: string;
  readonly aud: string;
  readonly sub: string;
  /** Seconds. */
  readonly exp: number;
  /** Seconds. */
  readonly iat: number;
  /** An id of its own; one from this package is a UUIDv7, whose time is the millisecond of the issue. */
  readonly jti: string;
  /** The session that the token belongs to. */
  readonly sid: string;
  readonly client_id?: string;
  readonly nbf?: number;
  readonly scope?: string;
  /** When the subject authenticated, in seconds (RFC 9068 §2.2.1): what a step-up asks for. */
  readonly auth_time?: number;
}

/** What a verifier demands of claims, times in milliseconds. */
export interface ClaimRules {
  readonly issuer: string;
  readonly audience: string;
  readonly maxLifetime: number;
  readonly tolerance: number;
}

/** The longest text that a claim may hold, in UTF-16 code units. */
export const maxClaimLength = 512;

/**
 * The access claims in a payload whose signature was verified, or why they are refused. Every claim must have its own type: a list
 * with the right issuer in it is not the right issuer.
 */
export function readClaims(
  payload: Readonly<Record<string, unknown>>,
  rules: ClaimRules,
): AccessClaims | TokenRefusal {
  // Inherited properties are not claims, whatever another library did to Object.prototype.
  const own = (name: string): unknown => (Object.hasOwn(payload, name) ? payload[name] : undefined);
  const iss = own('iss');
  const aud = own('aud');
  const sub = own('sub');
  const jti = own('jti');
  const sid = own('sid');
  const exp = own('exp');
  const iat = own('iat');
  const nbf = own('nbf');
  const client = own('client_id');
  const scope = own('scope');
  const authTime = own('auth_time');
  if (!isText(iss) || !isText(aud) || !isText(sub) || !isText(jti) || !isText(sid)) return 'claims';
  if (!isTime(exp) || !isTime(iat) || (nbf !== undefined && !isTime(nbf))) return 'claims';
  if (client !== undefined && !isText(client)) return 'claims';
  if (scope !== undefined && !isText(scope, 4_096)) return 'claims';
  // Whoever signs in after the token was made has not signed in for it.
  if (authTime !== undefined && (!isTime(authTime) || toTime(authTime) > toTime(iat) + rules.tolerance))
    return 'claims';
  if (iss !== rules.issuer) return 'issuer';
  if (aud !== rules.audience) return 'audience';
  const lifetime = toTime(exp) - toTime(iat);
  if (lifetime <= 0 || lifetime > rules.maxLifetime) return 'lifetime';
  const claims: { -readonly [Name in keyof AccessClaims]: AccessClaims[Name] } = {
    iss,
    aud,
    sub,
    exp,
    iat,
    jti,
    sid,
  };
  if (client !== undefined) claims.client_id = client;
  if (nbf !== undefined) claims.nbf = nbf;
  if (scope !== undefined) claims.scope = scope;
  if (authTime !== undefined) claims.auth_time = authTime;
  // One object serves every request that shows this token, so none of them may change it.
  return Object.freeze(claims);
}

/** Why claims are refused at a time (milliseconds), or `undefined` when it is theirs (ASVS v5.0.0-9.2.1). */
export function checkTimes(claims: AccessClaims, time: number, tolerance: number): TokenRefusal | undefined {
  if (time >= toTime(claims.exp) + tolerance) return 'expired';
  const start = claims.nbf !== undefined && claims.nbf > claims.iat ? claims.nbf : claims.iat;
  // Rounded, because a fraction of a second that came out of a division may lie a hair after its millisecond.
  return toTime(start) > time + tolerance ? 'not_yet_valid' : undefined;
}

/**
 * When a token was issued, in seconds, with milliseconds as a fraction where its `jti` is a UUIDv7 (RFC 9562 §5.7) of that very second: a
 * revocation can then tell a token of the same second that was there before it from one that came after.
 */
export function issuedAt({ jti, iat }: AccessClaims): number {
  if (!/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/.test(jti)) return iat;
  const time = Number.parseInt(jti.slice(0, 8) + jti.slice(9, 13), 16);
  return Math.floor(time / 1_000) === iat ? time / 1_000 : iat;
}

/** A NumericDate (RFC 7519 §2) as milliseconds. */
export function toTime(seconds: number): number {
  return Math.round(seconds * 1_000);
}

function isText(value: unknown, max = maxClaimLength): value is string {
  return typeof value === 'string' && value !== '' && value.length <= max;
}

// From 1970 to the year 9999: zero, negative and endless times are never meant.
function isTime(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && value <= 253_402_300_799;
}
