import fc from 'fast-check';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');

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
/** As declared but for one member at most: what gets past the check of that member gets to the handler. */
const near = fc
  .tuple(
    scalars,
    fc.oneof(
      fc.nat(8).map((count) => Array.from({ length: count }, () => '"a"')),
      fc.array(fc.oneof({ weight: 5, arbitrary: fc.constant('"a"') }, scalars), { maxLength: 8 }),
    ),
    fc.constantFrom('title', 'count', 'tags', 'other'),
    members,
  )
  .map(([value, tags, which, key]) => {
    const title = which === 'title' ? value : '"a"';
    const count = which === 'count' ? `,"count":${value}` : '';
    const list = which === 'tags' ? `,"tags":[${tags}]` : '';
    return `{"title":${title}${count}${list}${which === 'other' ? `,${key}:${value}` : ''}}`;
  });

/** Bodies that are JSON, nearly so, and not at all. */
export const bodies: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 6, arbitrary: near.map(bytes) },
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
