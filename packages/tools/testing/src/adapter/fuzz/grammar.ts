import fc from 'fast-check';
import { lawfulForm, wildForm } from './forms.js';
import { extra, type Headers, id, ids, queries, types } from './heads.js';
import { bodies } from './json.js';
import { chunks, type Shot } from './shot.js';

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
      body: Buffer.from(JSON.stringify(value, undefined, indent)),
      chunk,
      honest: true,
    }));
}

/** Requests by the grammars of all that comes in: content types, JSON, query strings, cookies, headers, forms. */
export const shots: fc.Arbitrary<Shot> = fc.oneof(
  { weight: 5, arbitrary: wild('/fuzz') },
  { weight: 2, arbitrary: wild('/fuzz-parsed') },
  { weight: 1, arbitrary: lawful('/fuzz') },
  { weight: 1, arbitrary: lawful('/fuzz-parsed') },
  { weight: 3, arbitrary: wildForm },
  { weight: 1, arbitrary: lawfulForm },
);
