import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { Environment } from './api.js';

/** A new private key as a JWK. */
export function newSigningKey(kid: string): Record<string, unknown> {
  const { privateKey } = generateKeyPairSync('ed25519');
  return { ...privateKey.export({ format: 'jwk' }), alg: 'EdDSA', kid, use: 'sig' };
}

/** All secrets, new ones. */
export function newSecrets(): Environment {
  return {
    SIGNING_KEYS: JSON.stringify({ keys: [newSigningKey('first')] }),
    PASSWORD_PEPPER: randomBytes(32).toString('base64url'),
    DEVICE_KEY: randomBytes(32).toString('base64url'),
    LIMIT_KEY: randomBytes(32).toString('base64url'),
    KEY_SEAL: `s1:${randomBytes(32).toString('base64url')}`,
  };
}
