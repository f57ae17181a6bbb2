import { encode, type Forgery, type ForgeryInput, inputOf, type Json, type Parts } from './parts.js';

type Content = readonly [row: number, name: string, header: unknown, payload: unknown];

/**
 * Headers and payloads that are none, whoever has signed them (rows 10, 12, 13, 15 and 18): signed by the issuer where that is possible, else under the
 * signature of the honest token.
 */
export async function contentForgeries(parts: Parts, sign: ForgeryInput['sign']): Promise<Forgery[]> {
  const forgeries: Forgery[] = [];
  for (const [row, name, header, payload] of [...headers(parts), ...payloads(parts), ...claims(parts)]) {
    const input = inputOf(header, payload);
    if (sign) {
      forgeries.push({ row, name: `${name}, signed`, token: `${input}.${encode(await sign(input))}` });
    }
    forgeries.push({ row, name, token: `${input}.${parts.encoded[2]}` });
  }
  return forgeries;
}

function headers({ header, payload }: Parts): Content[] {
  const crits: readonly object[] = [
    { crit: ['unknown'], unknown: 1 },
    { crit: ['unknown'] },
    { crit: [] },
    { crit: ['exp'], exp: 9_999_999_999 },
    { crit: ['alg'] },
    { crit: ['b64', 'b64'], b64: true },
    { crit: ['b64'], b64: false },
    { crit: 'unknown', unknown: 1 },
    { crit: null },
    { crit: {} },
    { crit: ['__proto__'] },
  ];
  const text = JSON.stringify(header);
  const twice = `{"alg":"none",${text.slice(1)}`;
  return [
    ...crits.map(
      (crit): Content => [13, `header with ${JSON.stringify(crit)}`, { ...header, ...crit }, payload],
    ),
    [10, 'header with alg twice', twice, payload],
    [10, 'header that is a list', [header], payload],
    [10, 'header that is a text', JSON.stringify(text), payload],
    [10, 'header that is null', 'null', payload],
    [10, 'header that ends early', text.slice(0, -1), payload],
    [10, 'header behind a byte order mark', `\uFEFF${text}`, payload],
    [17, 'alg in lower case', { ...header, alg: String(header.alg).toLowerCase() }, payload],
    [17, 'alg in a list', { ...header, alg: [header.alg] }, payload],
  ];
}

function payloads({ header, payload }: Parts): Content[] {
  const text = JSON.stringify(payload);
  const [first = 'sub'] = Object.keys(payload);
  const escaped = `\\u${first.charCodeAt(0).toString(16).padStart(4, '0')}${first.slice(1)}`;
  const contents: readonly (readonly [name: string, payload: unknown])[] = [
    ['a list', [payload]],
    ['an empty list', []],
    ['a text', JSON.stringify(text)],
    ['null', 'null'],
    ['a number', '1'],
    ['true', 'true'],
    ['an empty object', {}],
    ['no JSON', 'x'],
    ['JSON with more behind it', `${text}{}`],
    ['JSON that ends early', text.slice(0, -1)],
    ['JSON behind a byte order mark', `\uFEFF${text}`],
    ['JSON in UTF-16', Buffer.from(text, 'utf16le').toString('latin1')],
    ['an object with a claim twice', `{"${first}":"attacker",${text.slice(1)}`],
    ['an object with a claim twice, once escaped', `{"${escaped}":"attacker",${text.slice(1)}`],
  ];
  return contents.map(([name, content]) => [10, `payload that is ${name}`, header, content]);
}

function claims({ header, payload }: Parts): Content[] {
  const seconds = typeof payload.iat === 'number' ? payload.iat : 1;
  const values: readonly (readonly [row: number, claim: string, literal: string | undefined])[] = [
    ...[
      '0',
      '-1',
      '1e400',
      '-1e400',
      'NaN',
      'Infinity',
      '"9999999999"',
      '""',
      'null',
      '[]',
      '[9999999999]',
      '{}',
      'true',
      `${seconds - 86_400}`,
      undefined,
    ].map((literal) => [18, 'exp', literal] as const),
    ...['"9999999999"', 'null', '[]', '{}', '1e400', `${seconds + 99_999}`].map(
      (literal) => [18, 'nbf', literal] as const,
    ),
    ...[
      JSON.stringify([payload.iss]),
      JSON.stringify([payload.iss, 'https://attacker.invalid']),
      '"https://attacker.invalid"',
      '""',
      'null',
      '{}',
      '0',
      'true',
      undefined,
    ].map((literal) => [12, 'iss', literal] as const),
    ...[
      '[]',
      '["https://attacker.invalid"]',
      '"https://attacker.invalid"',
      '""',
      'null',
      '{}',
      '0',
      undefined,
    ].map((literal) => [12, 'aud', literal] as const),
    ...[JSON.stringify([payload.sub]), 'null', '{}', '0', 'true', '""', undefined].map(
      (literal) => [12, 'sub', literal] as const,
    ),
    [15, 'aud', JSON.stringify(`${'a'.repeat(3_000)}!`)],
    [15, 'iss', JSON.stringify(`${' '.repeat(3_000)}x`)],
  ];
  // Of a claim that the issuer never sets nobody can know what it should be.
  const known = values.filter(
    ([, claim]) => claim === 'exp' || claim === 'nbf' || Object.hasOwn(payload, claim),
  );
  return known.map(([row, claim, literal]) => [
    row,
    literal === undefined ? `no ${claim}` : `${claim} ${literal.slice(0, 40)}`,
    header,
    withLiteral(payload, claim, literal),
  ]);
}

/** The payload with one claim in a spelling that `JSON.stringify` would never give. */
function withLiteral(payload: Json, claim: string, literal: string | undefined): string {
  const others = Object.entries(payload).filter(([name, value]) => name !== claim && value !== undefined);
  const members = others.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  if (literal !== undefined) members.push(`${JSON.stringify(claim)}:${literal}`);
  return `{${members.join(',')}}`;
}
