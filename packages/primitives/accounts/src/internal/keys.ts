import { ConfigError, toBase64Url, utf8 } from '@secapi/kernel';

/** Keyed digests for one purpose each. */
export interface Keys {
  /** Signs device cookies. */
  sign(payload: string): Promise<string>;
  /** Turns an identifier into a key for stores, which then hold no address and no nonce. */
  digest(kind: string, value: string): Promise<string>;
}

/** Derives a key per purpose (HKDF, RFC 5869), so that the one from the configuration serves none directly. */
export function createKeys(option: string, secret: Uint8Array): Keys {
  if (!(secret instanceof Uint8Array) || secret.length < 32) {
    throw new ConfigError(option, 'is too short', 'use 32 random bytes or more, as a Uint8Array');
  }
  const base = crypto.subtle.importKey('raw', Uint8Array.from(secret), 'HKDF', false, ['deriveKey']);
  const signing = derive(base, 'secapi accounts: device cookie v1');
  const digesting = derive(base, 'secapi accounts: identifiers v1');
  return {
    sign: (payload) => mac(signing, payload),
    digest: (kind, value) => mac(digesting, `${kind}\n${value}`),
  };
}

async function derive(base: Promise<CryptoKey>, info: string): Promise<CryptoKey> {
  const algorithm = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info: utf8(info) };
  const hmac = { name: 'HMAC', hash: 'SHA-256', length: 256 };
  return crypto.subtle.deriveKey(algorithm, await base, hmac, false, ['sign']);
}

async function mac(key: Promise<CryptoKey>, text: string): Promise<string> {
  return toBase64Url(new Uint8Array(await crypto.subtle.sign('HMAC', await key, utf8(text))));
}
