import {
  type Clock,
  ConfigError,
  checkOptions,
  type Duration,
  SecapiError,
  systemClock,
  toMilliseconds,
  uuidv7,
} from '@secapi/kernel';
import { SignJWT } from 'jose';
import type { AccessClaims } from './claims.js';
import type { TokensErrorCode } from './errors.js';
import { checkText, requireText } from './internal/text.js';
import type { KeyRing } from './key-ring.js';

/** The options of {@link createAccessTokenIssuer}. */
export interface AccessTokenIssuerOptions {
  /** Its active key signs. */
  readonly keys: KeyRing;
  /** `iss`: who issues, usually an URL. */
  readonly issuer: string;
  /** `aud`: the one API that the tokens are for. */
  readonly audience: string;
  /**
   * How long a token lives: whole seconds, a day at most. It can be revoked earlier only where revocations are asked, so keep it short.
   * @default '15m'
   */
  readonly lifetime?: Duration | undefined;
  /** @default the machine's clock */
  readonly now?: Clock | undefined;
}

/** Who a token is for. */
export interface AccessTokenInput {
  /** `sub`: the id of the account, never its address or name. */
  readonly subject: string;
  /** `sid`: the id of the session, of which the token dies. */
  readonly session: string;
  /** `client_id`, where there are OAuth clients (RFC 9068 demands it of an authorization server). */
  readonly clientId?: string | undefined;
  /** `auth_time`: when the subject last proved who they are, in milliseconds; one that lies ahead counts as now. */
  readonly authenticatedAt?: number | undefined;
}

/** Issues access tokens (RFC 9068). */
export interface AccessTokenIssuer {
  /**
   * A new signed token, how long it lives in seconds, and the claims in it.
   *
   * @throws SecapiError `TOKEN_INPUT_INVALID` when the subject, session or client is not a text of 1 to 512 characters, or `authenticatedAt` no time; `SIGNING_KEY_MISSING` when the signing key has retired (as rejections)
   */
  issue(input: AccessTokenInput): Promise<{ token: string; expiresIn: number; claims: AccessClaims }>;
}

/**
 * Makes an issuer of access tokens: JWTs with `typ: at+jwt`, the `kid` and algorithm of the ring's active key, an id of their own, and no
 * personal data.
 *
 * @throws ConfigError when an option is missing or can't be used, or the ring has no private key in use
 */
export function createAccessTokenIssuer(options: AccessTokenIssuerOptions): AccessTokenIssuer {
  checkOptions('issuer', options, ['keys', 'issuer', 'audience', 'lifetime', 'now']);
  const { keys, lifetime = '15m', now = systemClock } = options;
  const issuer = checkText('issuer.issuer', options.issuer, "'https://api.example'");
  const audience = checkText('issuer.audience', options.audience, "'https://api.example'");
  const lifetimeMs = toMilliseconds('issuer.lifetime', lifetime, { min: 1, max: 86_400 });
  if (lifetimeMs % 1_000 !== 0) {
    throw new ConfigError('issuer.lifetime', 'is not a whole number of seconds', "use a text like '15m'");
  }
  checkSigner(keys);
  return {
    async issue(input) {
      const { kid, alg, key } = keys.signing();
      const time = now();
      const iat = Math.floor(time / 1_000);
      const clientId = input.clientId === undefined ? undefined : requireText('clientId', input.clientId);
      const authTime = toAuthTime(input.authenticatedAt, iat);
      const claims: AccessClaims = {
        iss: issuer,
        aud: audience,
        sub: requireText('subject', input.subject),
        sid: requireText('session', input.session),
        jti: uuidv7(() => time),
        iat,
        exp: iat + lifetimeMs / 1_000,
        ...(clientId === undefined ? {} : { client_id: clientId }),
        ...(authTime === undefined ? {} : { auth_time: authTime }),
      };
      const token = await new SignJWT({ ...claims })
        .setProtectedHeader({ alg, kid, typ: 'at+jwt' })
        .sign(key);
      return { token, expiresIn: lifetimeMs / 1_000, claims };
    },
  };
}

function toAuthTime(authenticatedAt: number | undefined, iat: number): number | undefined {
  if (authenticatedAt === undefined) return undefined;
  if (!Number.isFinite(authenticatedAt) || authenticatedAt < 1_000) {
    throw new SecapiError<TokensErrorCode>(
      'TOKEN_INPUT_INVALID',
      'authenticatedAt must be a time in milliseconds',
    );
  }
  return Math.min(Math.floor(authenticatedAt / 1_000), iat);
}

function checkSigner(keys: KeyRing | undefined): void {
  try {
    if (keys?.signing().key) return;
  } catch {
    // The error below says what to do about it.
  }
  throw new ConfigError(
    'issuer.keys',
    'has no private key in use',
    'pass keys: await createKeyRing({ keys: [await generateKey()] })',
  );
}
