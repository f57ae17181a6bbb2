import fc from 'fast-check';

/** One request as it goes over the wire, and whether all of it is as declared. */
export interface Shot {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
  /** Where a body in chunks is cut; without it the body has a length. */
  readonly chunk: number | undefined;
  readonly honest: boolean;
}

/** The bytes of a text. */
const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');

const id = '0198e2a0-1111-7222-8333-444455556666';
const ids = fc.oneof(
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
const queries = fc
  .array(fc.tuple(keys, fc.constantFrom('=', '=', '=', '', '=='), words), { maxLength: 5 })
  .chain((pairs) =>
    fc.constantFrom('&', '&', '&', ';', '&&').map((by) => pairs.map((pair) => pair.join('')).join(by)),
  );

const types = fc
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

const texts = fc.constantFrom(
  'x',
  '',
  ' a ',
  'é',
  'a\\u0000',
  '\\u202e',
  '\\ud800',
  '\\ud83d\\ude00',
  'a\\nb',
  '\\u200b',
  'x'.repeat(51),
  '__proto__',
  '<script>',
  "'; DROP",
  '\\"',
  '\\\\',
  '\u0301',
  '👍🏽',
  '{{7*7}}',
);
const scalars = fc.oneof(
  texts.map((text) => `"${text}"`),
  fc.constantFrom(
    '0',
    '1',
    '-1',
    '-0',
    '1.5',
    '1e3',
    '1e400',
    '9007199254740993',
    '01',
    '1.',
    '.5',
    '+1',
    'NaN',
    'Infinity',
    '0x1',
    'true',
    'false',
    'null',
    'undefined',
    "'x'",
    '"',
    '""',
    '"\t"',
    '/**/1',
  ),
);
const members = fc.constantFrom(
  '"title"',
  '"count"',
  '"tags"',
  '"title"',
  '"__proto__"',
  '"\\u005f_proto__"',
  '"constructor"',
  '"prototype"',
  '"toString"',
  '"admin"',
  '"titl\\u0065"',
  'title',
  '""',
  '"$where"',
  '"length"',
);
const { json } = fc.letrec<{ json: string; object: string; list: string }>((tie) => ({
  json: fc.oneof({ depthSize: 'small', withCrossShrink: true }, scalars, tie('object'), tie('list')),
  object: fc
    .array(fc.tuple(members, fc.constantFrom(':', ':', ' : ', '', '='), tie('json')), { maxLength: 4 })
    .map((pairs) => `{${pairs.map((pair) => pair.join('')).join(',')}}`),
  list: fc.array(tie('json'), { maxLength: 7 }).map((items) => `[${items.join(',')}]`),
}));
const near = fc
  .tuple(scalars, fc.option(scalars), fc.option(fc.array(scalars, { maxLength: 6 })))
  .map(
    ([title, count, tags]) =>
      `{"title":${title}${count === null ? '' : `,"count":${count}`}${tags === null ? '' : `,"tags":[${tags}]`}}`,
  );
const bodies = fc.oneof(
  near.map(bytes),
  json.map(bytes),
  fc
    .tuple(
      fc.constantFrom('\ufeff', ' ', '\n', '\0', ")]}',\n", ''),
      near,
      fc.constantFrom('', ' ', ',', '}', '\0', '{}', '//'),
    )
    .map((parts) => bytes(parts.join(''))),
  fc.integer({ min: 30, max: 20_000 }).map((depth) => bytes('['.repeat(depth) + ']'.repeat(depth))),
  fc.tuple(near, fc.nat(), fc.integer({ min: 128, max: 255 })).map(([text, at, byte]) => {
    const broken = bytes(text).slice();
    broken[at % broken.length] = byte;
    return broken;
  }),
  fc.constantFrom(
    bytes(''),
    bytes('{}'),
    bytes(`{"title":"${'x'.repeat(120_000)}"}`),
    bytes('title=x&count=1'),
  ),
);

const cookies = fc
  .array(
    fc.tuple(
      fc.constantFrom('theme', 'theme', 'Theme', '__proto__', '', 'a b', 'x', '__Host-theme', '__host-theme'),
      fc.constantFrom('=', '=', '', '=='),
      fc.constantFrom(
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
      ),
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

type Headers = (readonly [string, string])[];
const extra = fc.array(
  fc.oneof(
    tenants.map((value) => ['X-Tenant', value] as const),
    cookies.map((value) => ['Cookie', value] as const),
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
const chunks = fc.oneof(fc.constant(undefined), fc.integer({ min: 1, max: 4_096 }));

/** Requests to the route that takes everything, of which any part may be wrong. */
function wild(path: string): fc.Arbitrary<Shot> {
  return fc
    .tuple(ids, queries, fc.oneof(fc.constant('application/json'), types), extra, bodies, chunks)
    .map(([param, query, type, more, body, chunk]) => ({
      method: 'PUT',
      target: `${path}/${param}${query === '' ? '' : `?${query}`}`,
      headers: [['Content-Type', type], ...more] as Headers,
      body,
      chunk,
      honest: false,
    }));
}

/** Requests of which every part is as declared, in every way in which it may be written. */
function lawful(path: string): fc.Arbitrary<Shot> {
  const type = fc.constantFrom(
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON;charset="UTF-8"',
    'application/json ; charset=utf-8',
  );
  const title = fc.constantFrom(
    'a',
    ' trimmed ',
    'é',
    'e\u0301',
    '日本語',
    '👍🏽',
    'a"b\\c',
    '</script>',
    "O'Brien",
    '__proto__',
  );
  const query = fc.constantFrom(
    '',
    '?',
    '?limit=1',
    '?q=a+b&limit=100',
    '?sort=-title,createdAt',
    '?q=%C3%A4',
    '?sort=',
  );
  const headers = fc.constantFrom<Headers>(
    [],
    [['X-Tenant', 'acme-1']],
    [['Cookie', 'theme=dark; other=1']],
    [['cookie', 'a=b']],
  );
  const body = fc.record(
    {
      title,
      count: fc.integer({ min: 0, max: 1_000_000 }),
      tags: fc.array(fc.constantFrom('', 'a', 'ä\n'), { maxLength: 5 }),
    },
    { requiredKeys: ['title'] },
  );
  return fc
    .tuple(type, query, headers, body, fc.constantFrom(0, 2), chunks)
    .map(([media, search, more, value, indent, chunk]) => ({
      method: 'PUT',
      target: `${path}/${id}${search}`,
      headers: [['Content-Type', media], ...more] as Headers,
      body: bytes(JSON.stringify(value, undefined, indent)),
      chunk,
      honest: true,
    }));
}

const png = '\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0';
const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const pieces = fc.constantFrom(
  '--b',
  '--b--',
  '--bb',
  '\r\n',
  '\n',
  '\r\n\r\n',
  'Content-Disposition: form-data; name="caption"',
  'Content-Disposition: form-data; name="picture"; filename="a.png"',
  'Content-Disposition: form-data; name="__proto__"',
  '; filename="../../a.png"',
  "; filename*=UTF-8''b.png",
  '; name="caption"',
  '\r\nContent-Type: image/png',
  '\r\nContent-Type: text/html',
  '\r\nContent-Transfer-Encoding: base64',
  '\r\nX: y',
  png,
  'x',
  '<svg>',
  '\0',
  '\xff',
  'x'.repeat(2_100),
);
const fileNames = fc.constantFrom(
  'a.png',
  '../../etc/passwd',
  'C:\\a.png',
  '..png',
  '.png',
  '',
  'a.php',
  'a.png.php',
  'a\0.png',
  'a.PNG',
  'x'.repeat(300),
  'a";.png',
  '\xc3\xa4.png',
  '\xff.png',
  'a%00.png',
  'con.png',
);
const fileTypes = fc.constantFrom(
  'image/png',
  'image/png',
  'IMAGE/PNG',
  'image/jpeg',
  'text/html',
  'image/png; charset=utf-7',
  '',
  'image/png\r\nContent-Type: text/html',
);
const contents = fc.constantFrom(
  png,
  png,
  `${png}<?php`,
  `${png}\r\n--c`,
  'GIF89a',
  '',
  '<svg onload=x>',
  png + 'x'.repeat(3_000),
  png.slice(0, 8),
  `\n${png}`,
);
const part = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('caption', 'caption', 'admin', '__proto__', 'picture', ''),
      fc.constantFrom('a', '', '\xff', 'a\r\nb', 'x'.repeat(51), 'x'.repeat(1_100), '\xc3\xa9', ' a '),
    )
    .map(([name, text]) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`),
  fc
    .tuple(fc.constantFrom('picture', 'picture', 'other', 'constructor'), fileNames, fileTypes, contents)
    .map(
      ([name, file, type, content]) =>
        `--b\r\nContent-Disposition: form-data; name="${name}"; filename="${file}"\r\nContent-Type: ${type}\r\n\r\n${content}\r\n`,
    ),
);
const formType = fc.constantFrom(
  'multipart/form-data; boundary=b',
  'multipart/form-data; boundary=b',
  'multipart/form-data; boundary="b"',
  'Multipart/Form-Data;boundary=b',
  'multipart/form-data',
  'multipart/form-data; boundary=',
  'multipart/form-data; boundary=bb',
  'multipart/form-data; boundary=b; boundary=c',
  'multipart/mixed; boundary=b',
  'application/json',
  'multipart/form-data; boundary=b; charset=utf-16',
);

/** Forms of which any part may be wrong. */
const wildForm: fc.Arbitrary<Shot> = fc
  .tuple(
    formType,
    fc.oneof(
      fc.array(pieces, { maxLength: 20 }).map((list) => list.join('')),
      fc
        .tuple(
          fc.array(part, { maxLength: 4 }),
          fc.constantFrom('--b--\r\n', '--b--', '--b', '', '--b--\r\nx'),
        )
        .map(([parts, end]) => parts.join('') + end),
    ),
    chunks,
  )
  .map(([type, text, chunk]) => ({
    method: 'POST',
    target: '/fuzz-form',
    headers: [['Content-Type', type]],
    body: latin1(text),
    chunk,
    honest: false,
  }));

const lawfulForm: fc.Arbitrary<Shot> = fc
  .tuple(
    fc.constantFrom('', 'x', '\r\n', '\r\n--', '\r\n--c', '\0\xff', '\r\n\r\n', 'x'.repeat(1_900)),
    fc.boolean(),
    chunks,
  )
  .map(([more, first, chunk]) => {
    const file = `--b\r\nContent-Disposition: form-data; name="picture"; filename="../b\xc3\xa4.png"\r\nContent-Type: image/png\r\n\r\n${png}${more}\r\n`;
    const text = '--b\r\nContent-Disposition: form-data; name="caption"\r\n\r\n a \xc3\xa4\r\n';
    const body = latin1(`${first ? file + text : text + file}--b--\r\n`);
    return {
      method: 'POST',
      target: '/fuzz-form',
      headers: [['Content-Type', 'multipart/form-data; boundary=b']],
      body,
      chunk,
      honest: true,
    };
  });

/** Requests by the grammars of all that comes in: content types, JSON, query strings, cookies, headers, forms. */
export const shots: fc.Arbitrary<Shot> = fc.oneof(
  { weight: 5, arbitrary: wild('/fuzz') },
  { weight: 2, arbitrary: wild('/fuzz-parsed') },
  { weight: 1, arbitrary: lawful('/fuzz') },
  { weight: 1, arbitrary: lawful('/fuzz-parsed') },
  { weight: 3, arbitrary: wildForm },
  { weight: 1, arbitrary: lawfulForm },
);
