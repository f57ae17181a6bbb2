/**
 * Why a token was refused. For logs, metrics and events: to a client every one of them is the same `invalid_token` (RFC 6750 §3.1).
 *
 * - `malformed`: not a compact JWS of canonical base64url with a JSON object in its header and payload, or too large
 * - `algorithm`: its algorithm is not allowed, or not the one of its key
 * - `type`: its `typ` is not `at+jwt` (RFC 9068 §4)
 * - `critical`: it demands an extension (`crit`, `b64`), and none is understood
 * - `unknown_key`: no `kid`, or one that is not in the key ring
 * - `signature`: the signature is not that key's
 * - `claims`: a claim is missing or has the wrong type
 * - `issuer`, `audience`: meant for somebody else
 * - `expired`, `not_yet_valid`, `lifetime`: outside its time, or made to live longer than the verifier accepts
 * - `revoked`: the token, its session or its subject was revoked
 */
export type TokenRefusal =
  | JwsRefusal
  | 'claims'
  | 'issuer'
  | 'audience'
  | 'expired'
  | 'not_yet_valid'
  | 'lifetime'
  | 'revoked';

/**
 * Why a signature was refused, whatever it signs: each as in {@link TokenRefusal}.
 */
export type JwsRefusal = 'malformed' | 'algorithm' | 'type' | 'critical' | 'unknown_key' | 'signature';

/**
 * The codes of the errors that this package throws besides `CONFIG_INVALID`.
 *
 * - `KEYS_UNAVAILABLE`: a remote JWKS can't be had, and none that was had is recent enough to go on with
 * - `KEY_RING_FULL`: a managed key ring has as many keys as it may have
 * - `SIGNING_KEY_MISSING`: the key ring has no private key that is still in use
 * - `TOKEN_INPUT_INVALID`: a subject, session, purpose or other value from the application can't stand in a token
 * - `TOKEN_STORE_CONFLICT`: a store was asked to keep an id or a digest that it has already, or changed under every attempt to save
 * - `TOKEN_STORE_INVALID`: a store answered in a way that its interface doesn't allow
 */
export type TokensErrorCode =
  | 'KEYS_UNAVAILABLE'
  | 'KEY_RING_FULL'
  | 'SIGNING_KEY_MISSING'
  | 'TOKEN_INPUT_INVALID'
  | 'TOKEN_STORE_CONFLICT'
  | 'TOKEN_STORE_INVALID';
