import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseJson } from '../src/index.js';

const refusalOf = (text: string): string | undefined => {
  const result = parseJson(new TextEncoder().encode(text));
  return result.ok ? undefined : result.reason;
};

/** Texts that need escapes, numbers that exponents shorten, long and short ones: all that a shortcut could stumble over. */
const text = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.constantFrom(
    '\n',
    '"',
    '\\',
    '\\"',
    '\t\b\f\r',
    '\u0001',
    'é',
    '\u2028',
    ':',
    '":',
    '{"a":1}',
    'a"b"c'.repeat(40),
    '\\'.repeat(90),
  ),
);
const leaf = fc.oneof(text, fc.constantFrom(0, -0, 7, 1_000, 1e15, 1e-9, 0.1, 3.25, true, false, null));
const member = fc.record({ key: text, value: leaf });
const spaces = fc.constantFrom('', '', ' ', '\n  ');

function write(value: unknown, loose: boolean): string {
  if (typeof value === 'number' && loose && value !== 0 && value % 1_000 === 0) return value.toExponential();
  return JSON.stringify(value);
}

it('finds each key that stands twice, whatever stands beside it', () => {
  fc.assert(
    fc.property(
      fc.array(member, { minLength: 1, maxLength: 8 }),
      fc.nat(),
      leaf,
      spaces,
      fc.boolean(),
      fc.boolean(),
      (members, at, other, space, loose, nested) => {
        const unique = [...new Map(members.map(({ key, value }) => [key, value]))];
        const parts = unique.map(([key, value]) => `${write(key, loose)}${space}:${write(value, loose)}`);
        const wrap = (list: readonly string[]): string =>
          nested ? `[[{${list.join(`,${space}`)}}]]` : `{${list.join(`,${space}`)}}`;
        expect(refusalOf(wrap(parts))).toBeUndefined();
        const [key] = unique[at % unique.length] ?? [''];
        const twice = [...parts];
        twice.splice(at % (parts.length + 1), 0, `${write(key, loose)}:${write(other, loose)}`);
        expect(refusalOf(wrap(twice))).toBe('JSON_DUPLICATE_KEY');
      },
    ),
    { numRuns: 3_000 },
  );
});

it('finds the shortest member that could hide behind escapes and short numbers', () => {
  for (const [once, twice] of [
    ['{"":"\\n\\n\\n\\n\\n"}', '{"":0,"":"\\n\\n\\n\\n\\n"}'],
    ['{"":1e3,"a":1e3,"b":1e3,"c":"\\n"}', '{"":0,"":1e3,"a":1e3,"b":1e3,"c":"\\n"}'],
    [`{"":"${'\\"'.repeat(60)}"}`, `{"":0,"":"${'\\"'.repeat(60)}"}`],
    [`{"":"${'\\/'.repeat(60)}"}`, `{"":0,"":"${'\\/'.repeat(60)}"}`],
    [`{"":[1000,"${'\\n'.repeat(60)}"]}`, `{"":0,"":[1e3,"${'\\n'.repeat(60)}"]}`],
    [`{"":[-0,"${'\\n'.repeat(60)}"]}`, `{"":0,"":[-0,"${'\\n'.repeat(60)}"]}`],
    [`{"":[1e-7,1e-7,1e-7,"${'\\n'.repeat(60)}"]}`, `{"":0,"":[1e-7,1e-7,1e-7,"${'\\n'.repeat(60)}"]}`],
  ] as const) {
    expect([once, refusalOf(once)]).toEqual([once, undefined]);
    expect([twice, refusalOf(twice)]).toEqual([twice, 'JSON_DUPLICATE_KEY']);
  }
});

it('finds it where what counts keys could be led astray: by backslashes, colons and white space', () => {
  for (const [once, twice] of [
    // a key that ends in a backslash looks as if its string went on, and would make up for one that is there twice
    ['{"a\\\\":1,"b":2}', '{"a\\\\":1,"b":1,"b":2}'],
    ['{"c":1,"b":2}', '{"b":{"x\\\\":1},"c":1,"b":2}'],
    ['{"\\u005c":1,"b":"\\n\\n\\n"}', '{"\\\\":1,"b":"\\n\\n\\n","\\u005c":2}'],
    ['{"b":":","c":"\\n\\n\\n\\n\\n"}', '{"b":":","b":":","c":"\\n\\n\\n\\n\\n"}'],
    ['{":":1,"b":2}', '{":":1,":":2,"b":2}'],
    ['{"b" \n\t\r :1}', '{"b" \n\t\r :1,"b"\r:2}'],
    [`{"b":"${':'.repeat(500)}"}`, `{"b":1,"b":"${':'.repeat(500)}"}`],
    [`{"b":"${'\\":'.repeat(500)}"}`, `{"b":1,"b":"${'\\":'.repeat(500)}"}`],
  ] as const) {
    expect([once, refusalOf(once)]).toEqual([once, undefined]);
    expect([twice, refusalOf(twice)]).toEqual([twice, 'JSON_DUPLICATE_KEY']);
  }
});

it('takes no longer for what is made to be slow than a small multiple of what JSON.parse does', () => {
  const size = 100_000;
  const slow = [
    `{"a":"${':'.repeat(size)}"}`,
    `{"a":"${'\\":'.repeat(size / 3)}"}`,
    `{"a":"${' '.repeat(size)}:"}`,
    `{"a"${' '.repeat(size)}:1}`,
    `{"a":"${' :'.repeat(size / 2)}"}`,
    `{"a":"${'\\ud83d\\ude00'.repeat(size / 12)}"}`,
  ].map((json) => new TextEncoder().encode(json));
  for (const bytes of slow) {
    let best = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 10 && best > 5; i++) {
      const start = performance.now();
      expect(parseJson(bytes).ok).toBe(true);
      best = Math.min(best, performance.now() - start);
    }
    expect(best).toBeLessThan(50);
  }
});
