import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { encode, type Forgery, inputOf, type Parts } from './parts.js';

/** Tokens that nobody signed (rows 2 and 21). */
export function unsignedForgeries({ header, payload, encoded }: Parts): Forgery[] {
  const spellings = ['none', 'None', 'NONE', 'nOnE', 'none ', 'none\0', '', null, 0, false, [], ['none'], {}];
  const forgeries = [...spellings, undefined].flatMap((alg): Forgery[] => {
    const input = inputOf({ ...header, alg }, payload);
    const name = alg === undefined ? 'no alg' : `alg ${JSON.stringify(alg)}`;
    return [
      { row: 2, name: `${name}, no signature`, token: `${input}.` },
      { row: 2, name: `${name}, any signature`, token: `${input}.AAAA` },
      { row: 2, name: `${name}, another token’s signature`, token: `${input}.${encoded[2]}` },
    ];
  });
  const bare = inputOf({ alg: 'none' }, payload);
  return [...forgeries, { row: 2, name: 'alg "none", two parts', token: bare }];
}

const algorithms =
  'EdDSA ES256 ES384 ES512 ES256K PS256 PS384 PS512 RS256 RS384 RS512 HS256 HS384 HS512'.split(' ');

/** The signature of an honest token under another algorithm (rows 4 and 17). */
export function algorithmForgeries({ header, payload, encoded }: Parts): Forgery[] {
  const others = [
    ...algorithms,
    'ed448',
    'RS1',
    'MD5',
    'PBES2-HS256+A128KW',
    '__proto__',
    'constructor',
    'toString',
  ];
  return others
    .filter((alg) => alg !== header.alg)
    .map((alg) => ({
      row: 17,
      name: `alg ${alg} over an honest signature`,
      token: `${inputOf({ ...header, alg }, payload)}.${encoded[2]}`,
    }));
}

const kids: readonly unknown[] = [
  ...['', 'unknown', '../../../../dev/null', '/dev/null', 'file:///dev/null', 'C:\\Windows\\win.ini'],
  ...[
    "' OR 1=1 --",
    "x' UNION SELECT 'key' --",
    '$(id)',
    '| id',
    '%00',
    '__proto__',
    'constructor',
    'toString',
  ],
  ...['https://attacker.invalid/key', 'x'.repeat(3_000), null, 0, true, [], {}, { $ne: null }],
];

/** Keys that a token brings along, or names in a way that finds another one (row 17 and beyond). */
export function keyForgeries({ header, payload, encoded }: Parts): Forgery[] {
  const thief = generateKeyPairSync('ed25519');
  const jwk = { ...thief.publicKey.export({ format: 'jwk' }), kid: header.kid, alg: 'EdDSA', use: 'sig' };
  const der = thief.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const byThief = (head: object): string => {
    const input = inputOf(head, payload);
    return `${input}.${encode(sign(null, Buffer.from(input), thief.privateKey))}`;
  };
  const byNothing = (head: object, secret: string): string => {
    const input = inputOf(head, payload);
    return `${input}.${encode(createHmac('sha256', secret).update(input).digest())}`;
  };
  const url = 'https://attacker.invalid/keys';
  const brought = { jwk, jku: url, x5u: url, x5c: [der], 'x5t#S256': encode(der), keys: [jwk], key: jwk };
  const forgeries: Forgery[] = [
    { row: 17, name: 'a stranger’s signature', token: byThief({ ...header, alg: 'EdDSA' }) },
    {
      row: 17,
      name: 'a stranger’s key in every place',
      token: byThief({ ...header, ...brought, alg: 'EdDSA' }),
    },
  ];
  for (const [name, value] of Object.entries(brought)) {
    forgeries.push({
      row: 17,
      name: `the header ${name}`,
      token: byThief({ ...header, alg: 'EdDSA', [name]: value }),
    });
  }
  for (const kid of kids) {
    const shown = (JSON.stringify(kid) ?? 'undefined').slice(0, 40);
    forgeries.push(
      {
        row: 17,
        name: `kid ${shown}, a stranger’s signature`,
        token: byThief({ ...header, alg: 'EdDSA', kid }),
      },
      { row: 9, name: `kid ${shown}, no secret`, token: byNothing({ ...header, alg: 'HS256', kid }, '') },
      {
        row: 9,
        name: `kid ${shown}, the secret "key"`,
        token: byNothing({ ...header, alg: 'HS256', kid }, 'key'),
      },
      {
        row: 17,
        name: `kid ${shown}, an honest signature`,
        token: `${inputOf({ ...header, kid }, payload)}.${encoded[2]}`,
      },
    );
  }
  return forgeries;
}
