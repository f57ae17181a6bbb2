import { createHmac, createPublicKey, type KeyObject } from 'node:crypto';
import { encode, type Forgery, inputOf, type Json, type Parts } from './parts.js';

type Secret = readonly [name: string, value: string | Buffer, row?: number];

const algorithms = ['HS256', 'HS384', 'HS512'] as const;

/** Tokens whose MAC was made with what everybody knows: the public key in each of its spellings, or nothing (rows 1, 3, 5 to 9). */
export function hmacForgeries({ header, payload, encoded, jwk, jwks }: Parts): Forgery[] {
  const forgeries: Forgery[] = [];
  for (const [name, secret, row = 1] of [...poorSecrets(header), ...spellings(jwk, jwks)]) {
    for (const alg of algorithms) {
      const mac = (input: string): string =>
        `${input}.${encode(
          createHmac(`sha${alg.slice(2)}`, secret)
            .update(input)
            .digest(),
        )}`;
      forgeries.push({
        row,
        name: `${alg} over ${name}`,
        token: mac(inputOf({ ...header, alg }, payload)),
      });
      if (alg !== 'HS256') continue;
      const { kid: _, ...nameless } = header;
      forgeries.push(
        { row, name: `${alg} over ${name}, without kid`, token: mac(inputOf({ ...nameless, alg }, payload)) },
        {
          row: row === 1 ? 3 : row,
          name: `${alg} over ${name}, under the key’s own algorithm`,
          token: mac(`${encoded[0]}.${encoded[1]}`),
        },
      );
    }
  }
  return forgeries;
}

function poorSecrets({ kid }: Json): Secret[] {
  const names = ['', 'null', 'undefined', 'secret', '0', '\0', '[object Object]', '{}'];
  const secrets: Secret[] = names.map((secret) => [`the secret ${JSON.stringify(secret)}`, secret, 9]);
  if (typeof kid === 'string') secrets.push(['the key id', kid, 9]);
  return secrets;
}

function spellings(jwk: Json | undefined, jwks: Parts['jwks']): Secret[] {
  const key = jwk && publicKeyOf(jwk);
  if (!jwk || !key) return [];
  const der = key.export({ type: 'spki', format: 'der' });
  const pem = key.export({ type: 'spki', format: 'pem' }).toString();
  const body = pem.replace(/-----[A-Z ]+-----|\n/g, '');
  const secrets: Secret[] = [
    ['SPKI DER', der],
    ['SPKI PEM', pem],
    ['SPKI in base64', body],
    ...around('SPKI PEM', pem),
    ['SPKI PEM with the armour of another kind', pem.replaceAll('PUBLIC KEY', 'RSA PUBLIC KEY'), 5],
    ['SPKI PEM with the armour of a certificate', pem.replaceAll('PUBLIC KEY', 'CERTIFICATE'), 5],
    ['JWK', JSON.stringify(jwk), 8],
    ['JWK with spaces', JSON.stringify(jwk, undefined, 2), 8],
    ['JWKS', JSON.stringify(jwks), 8],
    ['JWKS of one', JSON.stringify({ keys: [jwk] }), 8],
  ];
  if (key.asymmetricKeyType === 'rsa') {
    const pkcs1 = key.export({ type: 'pkcs1', format: 'pem' }).toString();
    secrets.push(['PKCS#1 DER', key.export({ type: 'pkcs1', format: 'der' })]);
    secrets.push(['PKCS#1 PEM', pkcs1, 5], ...around('PKCS#1 PEM', pkcs1));
  }
  const members = ['n', 'e', 'x', 'y'].flatMap((name): Secret[] => {
    const value = jwk[name];
    if (typeof value !== 'string') return [];
    return [
      [`the member ${name}`, Buffer.from(value, 'base64url')],
      [`the member ${name} as text`, value],
    ];
  });
  const [x, y] = [
    members.find(([name]) => name === 'the member x'),
    members.find(([name]) => name === 'the member y'),
  ];
  if (x && y) {
    const point = Buffer.concat([Buffer.from(x[1]), Buffer.from(y[1])]);
    members.push(['the point', point], ['the uncompressed point', Buffer.concat([Buffer.of(4), point])]);
  }
  return [...secrets, ...members];
}

/** Spellings that got past one repair after the other (rows 6 and 7). */
function around(name: string, pem: string): Secret[] {
  const secrets: Secret[] = [
    [`${name} without its last newline`, pem.trim(), 6],
    [`${name} with CRLF`, pem.replaceAll('\n', '\r\n'), 6],
    [`${name} and a NUL`, `${pem}\0`, 6],
  ];
  for (const [what, prefix] of [
    ['a space', ' '],
    ['a newline', '\n'],
    ['a tab', '\t'],
    ['a byte order mark', '\uFEFF'],
    ['a no-break space', '\u00A0'],
  ] as const) {
    secrets.push([`${name} behind ${what}`, prefix + pem, 6]);
  }
  for (const prefix of ['x', '#', 'Bag Attributes\n', '-----BEGIN X-----\n']) {
    secrets.push([`${name} behind ${JSON.stringify(prefix)}`, prefix + pem, 7]);
  }
  return secrets;
}

function publicKeyOf(jwk: Json): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk as never, format: 'jwk' }); // Node's type of a JWK is its own; a wrong one throws
  } catch {
    return undefined;
  }
}
