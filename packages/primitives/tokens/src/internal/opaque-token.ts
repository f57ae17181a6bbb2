import { fromBase64Url, toBase64Url, utf8 } from '@secapi/kernel';

// Those of opaque tokens: 32 random bytes in base64url (ASVS v5.0.0-7.2.3).
const length = 43;

/** Whether a text can be an opaque token at all; one that can't never reaches a store. */
export function isOpaqueToken(token: unknown): token is string {
  return typeof token === 'string' && token.length === length && fromBase64Url(token) !== undefined;
}

/** HMAC-SHA256 of a text in base64url, with a token as the key: without the token nobody can make or check it. */
export async function keyedDigest(token: string, text: string): Promise<string> {
  const key = await crypto.subtle.importKey('raw', utf8(token), { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
  ]);
  return toBase64Url(new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8(text))));
}
