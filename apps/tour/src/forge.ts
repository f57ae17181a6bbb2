import { createHmac, createPublicKey, type JsonWebKey } from 'node:crypto';

type Json = Readonly<Record<string, unknown>>;

/** The token with `alg: none` and no signature (RFC 8725 §2.1). */
export function withoutSignature(token: string): string {
  const [header, payload] = parts(token);
  return `${encode({ ...header, alg: 'none' })}.${encode(payload)}.`;
}

/**
 * The token signed with HMAC, the issuer's public key as the secret: what a verifier accepts that believes the token's
 * own `alg` (RFC 8725 §2.1).
 */
export function signedWithPublicKey(token: string, publicKey: JsonWebKey): string {
  const [header, payload] = parts(token);
  const pem = createPublicKey({ key: publicKey, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  const signed = `${encode({ ...header, alg: 'HS256' })}.${encode(payload)}`;
  return `${signed}.${createHmac('sha256', pem).update(signed).digest('base64url')}`;
}

/** The token with some other claims, under the signature that it had. */
export function withClaims(token: string, claims: Json): string {
  const [head = '', , signature = ''] = token.split('.');
  const [, payload] = parts(token);
  return `${head}.${encode({ ...payload, ...claims })}.${signature}`;
}

/** The claims of a token, unverified. */
export function claimsOf(token: string): Json {
  return parts(token)[1];
}

function parts(token: string): [header: Json, payload: Json] {
  const [header = '', payload = ''] = token.split('.');
  return [decode(header), decode(payload)];
}

function decode(part: string): Json {
  const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  if (typeof value !== 'object' || value === null) throw new TypeError('this is no part of a token');
  return { ...value };
}

function encode(part: Json): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
