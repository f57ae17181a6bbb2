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
