import fc from 'fast-check';

/** An id of the fuzzed route. */
export const id = '0198e2a0-1111-7222-8333-444455556666';
/** What stands where an id does. */
export const ids: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constant(id) },
  fc.constantFrom(
    id.toUpperCase(),
    '1',
    '%00',
    '..',
    '%2e%2e',
    `${id}%0a`,
    '__proto__',
    '%ff',
    'a'.repeat(300),
    `${id}%2f`,
    '%e2%80%ae',
  ),
);

const words = fc.constantFrom(
  '',
  'a',
  'title',
  '-createdAt,title',
  '50',
  '0',
  '101',
  '1e1',
  '-1',
  '%00',
  '%ff',
  '%',
  '%zz',
  '+',
  'ä',
  '%C3%A4',
  '__proto__',
  '%5f_proto__',
  '%E2%80%AE',
  "'--",
  '[]',
  '[$ne]',
  'x'.repeat(300),
  '\t',
  '%0d%0aX:%20y',
);
const keys = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('limit', 'q', 'sort') },
  fc.constantFrom(
    'limit[]',
    'limit[$gt]',
    '__proto__',
    'constructor',
    '__proto__[x]',
    '%71',
    'Q',
    '',
    'admin',
    'a.b',
    'hasOwnProperty',
  ),
);
/** Query strings. */
export const queries: fc.Arbitrary<string> = fc
  .array(fc.tuple(keys, fc.constantFrom('=', '=', '=', '', '=='), words), { maxLength: 5 })
  .chain((pairs) =>
    fc.constantFrom('&', '&', '&', ';', '&&').map((by) => pairs.map((pair) => pair.join('')).join(by)),
  );

/** Content types, and what some parser takes for one. */
export const types: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(
      'application/json',
      'Application/JSON',
      'application/json',
      'application/vnd.api+json',
      'text/plain',
      'text/json',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      'application/jsonp',
      '*/*',
      'application',
      '',
      'application\\json',
    ),
    fc.array(
      fc.constantFrom(
        '; charset=utf-8',
        ';charset=UTF-8',
        '; charset="utf-8"',
        '; charset=utf-16',
        '; charset=',
        '; charset="',
        ' ',
        '\t',
        ';',
        '\t; a',
        '; a=b',
        ', application/json',
        '; charset=utf-8; charset=utf-7',
        '\x0b',
        '; boundary=b',
        '; boundary="b"',
        '; boundary=b; boundary=c',
        ';=',
        '\xa0',
      ),
      { maxLength: 2 },
    ),
  )
  .map(([type, rest]) => type + rest.join(''));

const themes = fc.constantFrom(
  'dark',
  'light',
  '"dark"',
  '',
  'blue',
  'dark,light',
  '%64ark',
  '\x80',
  'a\tb',
  'x'.repeat(5_000),
);
const cookies = fc
  .array(
    fc.tuple(
      fc.constantFrom('theme', 'theme', 'Theme', '__proto__', '', 'a b', 'x', '__Host-theme', '__host-theme'),
      fc.constantFrom('=', '=', '', '=='),
      themes,
    ),
    { maxLength: 4 },
  )
  .chain((pairs) =>
    fc.constantFrom('; ', ';', ', ', ' ;; ').map((by) => pairs.map((pair) => pair.join('')).join(by)),
  );
const tenants = fc.constantFrom(
  'acme',
  'a',
  '',
  'ACME',
  'a b',
  'x'.repeat(21),
  '\xe9',
  'a,b',
  '__proto__',
  'a\tb',
);

/** Names and values as they stand on the wire. */
export type Headers = (readonly [string, string])[];
/** Further headers, some of them twice. */
export const extra: fc.Arbitrary<Headers> = fc.array(
  fc.oneof(
    tenants.map((value) => ['X-Tenant', value] as const),
    cookies.map((value) => ['Cookie', value] as const),
    themes.map((value) => ['Cookie', `theme=${value}`] as const),
    fc.constantFrom<(readonly [string, string])[]>(
      ['Content-Encoding', 'gzip'],
      ['Content-Encoding', 'identity'],
      ['Content-Type', 'application/json'],
      ['Content-Type', 'text/plain'],
      ['Expect', '100-continue'],
      ['X-HTTP-Method-Override', 'DELETE'],
      ['__proto__', 'x'],
    ),
  ),
  { maxLength: 3 },
);
