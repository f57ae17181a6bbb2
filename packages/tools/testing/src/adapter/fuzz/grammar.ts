import fc from 'fast-check';
import { lawfulForm, wildForm } from './forms.js';
import { extra, type Headers, id, ids, queries, types } from './heads.js';
import { bodies } from './json.js';
import { chunks, type Shot } from './shot.js';

/** A request to the route that takes everything, part by part. */
interface Parts {
  readonly param: string;
  readonly query: string;
  readonly type: string;
  readonly more: Headers;
  readonly body: Uint8Array;
}

/** Of which any part may be wrong. */
const wild: fc.Arbitrary<Parts> = fc.record({
  param: ids,
  query: queries,
  type: types,
  more: extra,
  body: bodies,
});

/** Of which every part is as declared, in every way in which it may be written. */
const lawful: fc.Arbitrary<Parts> = fc.record({
  param: fc.constant(id),
  query: fc.constantFrom('', 'limit=1', 'q=a+b&limit=100', 'sort=-title,createdAt', 'q=%C3%A4', 'sort=', '&'),
  type: fc.constantFrom(
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON;charset="UTF-8"',
    'application/json ; charset=utf-8',
  ),
  more: fc.constantFrom<Headers>(
    [],
    [['X-Tenant', 'acme-1']],
    [['Cookie', 'theme=dark; other=1']],
    [['cookie', 'a=b']],
  ),
  body: fc
    .tuple(
      fc.record(
        {
          title: fc.constantFrom(
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
          ),
          count: fc.integer({ min: 0, max: 1_000_000 }),
          tags: fc.array(fc.constantFrom('', 'a', 'ä\n'), { maxLength: 5 }),
        },
        { requiredKeys: ['title'] },
      ),
      fc.constantFrom(0, 2),
    )
    .map(([value, indent]) => Buffer.from(JSON.stringify(value, undefined, indent))),
});

/** Of which one part may be wrong: what gets past its check gets to the handler. */
const nearly: fc.Arbitrary<Parts> = fc
  .tuple(lawful, wild, fc.constantFrom<keyof Parts>('param', 'query', 'type', 'more', 'body', 'body'))
  .map(([good, bad, part]) => ({ ...good, [part]: bad[part] }));

function toShots(path: string, parts: fc.Arbitrary<Parts>, honest: boolean): fc.Arbitrary<Shot> {
  return fc.tuple(parts, chunks).map(([{ param, query, type, more, body }, chunk]) => ({
    method: 'PUT',
    target: `${path}/${param}${query === '' ? '' : `?${query}`}`,
    headers: [['Content-Type', type], ...more] as Headers,
    body,
    chunk,
    honest,
  }));
}

/** Requests by the grammars of all that comes in: content types, JSON, query strings, cookies, headers, forms. */
export const shots: fc.Arbitrary<Shot> = fc.oneof(
  { weight: 2, arbitrary: toShots('/fuzz', wild, false) },
  { weight: 6, arbitrary: toShots('/fuzz', nearly, false) },
  { weight: 3, arbitrary: toShots('/fuzz-parsed', nearly, false) },
  { weight: 1, arbitrary: toShots('/fuzz', lawful, true) },
  { weight: 1, arbitrary: toShots('/fuzz-parsed', lawful, true) },
  { weight: 4, arbitrary: wildForm },
  { weight: 1, arbitrary: lawfulForm },
);
