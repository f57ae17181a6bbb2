import { encode, encodeJson, type Forgery, type Json, type Parts } from './parts.js';

/** Tokens that want work done before they are refused (rows 15, 19 and 20), and encrypted ones where signed ones belong. */
export function burdens({ header, payload, encoded }: Parts): Forgery[] {
  const jwe = (head: Json): string =>
    `${encodeJson({ ...head, kid: header.kid, typ: header.typ })}.${encode('key')}.${encode('iv')}.${encode('text')}.${encode('tag')}`;
  const jws = (head: unknown, content: unknown): string =>
    `${encodeJson(head)}.${encodeJson(content)}.${encoded[2]}`;
  const deep = (open: string, close: string, depth: number): string =>
    `${open.repeat(depth)}${close.repeat(depth)}`;
  const tokens: readonly (readonly [row: number, name: string, token: string])[] = [
    [
      19,
      'PBES2 with two billion rounds',
      jwe({ alg: 'PBES2-HS512+A256KW', enc: 'A256GCM', p2c: 2_147_483_647, p2s: encode('salt and salt') }),
    ],
    [
      19,
      'PBES2 with endless rounds',
      jwe({ alg: 'PBES2-HS256+A128KW', enc: 'A128GCM', p2c: 1e308, p2s: encode('salt and salt') }),
    ],
    [
      19,
      'PBES2 in a signed token’s place',
      jws({ ...header, alg: 'PBES2-HS256+A128KW', p2c: 2_147_483_647, p2s: 'c2FsdA' }, payload),
    ],
    [20, 'an encrypted token that unpacks', jwe({ alg: 'dir', enc: 'A256GCM', zip: 'DEF' })],
    [20, 'an encrypted token, dir', jwe({ alg: 'dir', enc: 'A256GCM' })],
    [20, 'an encrypted token, RSA1_5', jwe({ alg: 'RSA1_5', enc: 'A128CBC-HS256' })],
    [
      20,
      'an encrypted token, ECDH-ES',
      jwe({ alg: 'ECDH-ES', enc: 'A256GCM', epk: { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' } }),
    ],
    [20, 'an encrypted token around the honest one', jwe({ alg: 'dir', enc: 'A256GCM', cty: 'JWT' })],
    [20, 'a signed token that says that it unpacks', jws({ ...header, zip: 'DEF' }, payload)],
    [20, 'a token of 9 kB', jws(header, { ...payload, x: 'x'.repeat(6_000) })],
    [20, 'a header of 9 kB', jws({ ...header, x: 'x'.repeat(6_000) }, payload)],
    [20, 'a signature of 9 kB', `${encoded[0]}.${encoded[1]}.${'A'.repeat(8_000)}`],
    [20, 'three thousand parts', 'a.'.repeat(3_000)],
    [20, 'eight thousand stops', '.'.repeat(8_000)],
    [20, 'eight thousand letters', 'a'.repeat(8_000)],
    [20, 'a payload of lists in lists', jws(header, deep('[', ']', 2_500))],
    [20, 'a payload of objects in objects', jws(header, `${'{"a":'.repeat(900)}1${'}'.repeat(900)}`)],
    [20, 'a megabyte', `${'a'.repeat(500_000)}.${'b'.repeat(500_000)}.c`],
  ];
  return tokens.map(([row, name, token]) => ({ row, name, token }));
}
