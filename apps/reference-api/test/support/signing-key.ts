import { createPrivateKey, generateKeyPairSync, type JsonWebKey, sign } from 'node:crypto';

const kid = 'key-of-the-tests';

/** The key that an API of the tests begins with, so that a test can sign what no API would. */
export const signingKey: JsonWebKey = {
  ...generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }),
  kid,
  alg: 'EdDSA',
  use: 'sig',
};

/** The claims of a token with some of them changed, signed as the API signs. */
export function signAnew(token: string, changes: Readonly<Record<string, unknown>>): string {
  const [, payload = ''] = token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object; // a payload is one
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${encode({ alg: 'EdDSA', kid, typ: 'at+jwt' })}.${encode({ ...claims, ...changes })}`;
  const key = createPrivateKey({ key: signingKey, format: 'jwk' });
  return `${input}.${sign(null, Buffer.from(input), key).toString('base64url')}`;
}
