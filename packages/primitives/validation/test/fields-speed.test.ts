import { describe, expect, it } from 'vitest';
import { fields, type StandardSchemaV1, validate } from '../src/index.js';

const sort = fields.sort(['createdAt', 'title']);

/** How long the fastest of a few tries took: the machine may be busy, and what counts is how fast it can be. */
function fastest(schema: StandardSchemaV1, text: string, enough: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 5 && best >= enough; i++) {
    const start = performance.now();
    validate(schema, text);
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

describe('every field', () => {
  const million = 1_000_000;
  const hostile = [
    'a.'.repeat(million / 2),
    '@'.repeat(million),
    `${'a'.repeat(million)}!`,
    '\u0301'.repeat(million),
    `https://${'a@'.repeat(million / 2)}`,
    `+${'1 '.repeat(million / 2)}`,
    '-'.repeat(million),
    '0'.repeat(million),
    `1.${'0'.repeat(million)}`,
    'en-'.repeat(million / 3),
    '👨‍👩‍👧‍👦'.repeat(million / 11),
    '\r'.repeat(million),
    ' '.repeat(million),
    `${' '.repeat(million)}x`,
    'title,'.repeat(million / 6),
  ];
  const each: [string, StandardSchemaV1][] = Object.entries({
    ...Object.fromEntries(
      (
        [
          'email',
          'password',
          'personName',
          'title',
          'searchText',
          'text',
          'uuid',
          'ulid',
          'id',
          'url',
          'limit',
        ] as const
      ).map((name) => [name, fields[name]()]),
    ),
    cursor: fields.cursor(),
    token: fields.token(),
    date: fields.date(),
    instant: fields.instant(),
    locale: fields.locale(),
    phone: fields.phone(),
    html: fields.html({ maxBytes: '2mb' }),
    longText: fields.text({ max: million }),
    sort,
    amount: fields.amount('EUR'),
    role: fields.role(['a', 'b']),
  });
  it.each(each)('%s is done with each hostile text of a megabyte in 50 ms', (name, schema) => {
    for (const text of hostile) {
      const enough = name === 'longText' ? 1_000 : 50;
      expect([name, text.slice(0, 12), fastest(schema, text, enough) < enough]).toEqual([
        name,
        text.slice(0, 12),
        true,
      ]);
    }
  });

  it.each([
    ['text', fields.text()],
    ['title', fields.title()],
    ['url', fields.url()],
    ['email', fields.email()],
  ])('%s takes a text just within its bounds in 50 ms, whatever it is made of', (name, schema) => {
    for (const length of [40_000, 2_048, 800, 254]) {
      for (const text of ['\u0301', 'a\u0301', 'é', ' ', '@', '.', 'a.', '👍🏽', '\u200b'].map((part) =>
        part.repeat(length / part.length),
      )) {
        expect([name, length, text.slice(0, 4), fastest(schema, text, 50) < 50]).toEqual([
          name,
          length,
          text.slice(0, 4),
          true,
        ]);
      }
    }
  });
});
