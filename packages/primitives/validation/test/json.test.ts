import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkStructure, type JsonLimits, jsonLimits, parseJson } from '../src/index.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const reason = (text: string, limits?: JsonLimits) => {
  const result = parseJson(bytes(text), limits);
  return result.ok ? 'ok' : result.reason;
};

describe('parseJson', () => {
  it.each([
    '{"email":"ada@example.com","password":"x"}',
    ' { "a" : [ 1 , 2.5 , -3e2 , true , false , null , "" ] }\n',
    '{"a":{"a":{"a":1}}}',
    '[{"a":1},{"a":1}]',
    '{"a":":","b":"\\":\\"","c":"\\\\"}',
    '{"a":"\\u00e9\\n😀\\ud83d\\ude00"}',
    '{"":0}',
    '{"1":1,"0":2,"01":3}',
    '"text"',
    '9007199254740991',
    '[-9007199254740991,0.1,1e-7,123456.789,1000,1e3]',
    '{"constructors":1,"__proto":2,"prototype_":3}',
    '{"a":"\\u0000","a\\u0000":1,"a\\\\":2,"\\u005c":3}',
    '[-0,1e-400,9007199254740991.0,"-0","1e400","9007199254740993"]',
    '{"a":"{\\"a\\":1,\\"a\\":2}","b":"\\\\\\"a\\" :"}',
  ])('reads %s as JSON.parse does', (text) => {
    expect(parseJson(bytes(text))).toEqual({ ok: true, value: JSON.parse(text) });
  });

  it.each([
    ['', 'JSON_SYNTAX'],
    ['{', 'JSON_SYNTAX'],
    ["{'a':1}", 'JSON_SYNTAX'],
    ['{"a":1,}', 'JSON_SYNTAX'],
    ['{"a":1}x', 'JSON_SYNTAX'],
    ['{"a":01}', 'JSON_SYNTAX'],
    ...[
      'NaN',
      '-Infinity',
      '0x10',
      '+1',
      '.5',
      '1.',
      '1e',
      '--1',
      'undefined',
      "'x'",
      '"\\x41"',
      '"\\u{61}"',
    ].map((text) => [`{"a":${text}}`, 'JSON_SYNTAX']),
    ['{"a":1}\0', 'JSON_SYNTAX'],
    ['\0{"a":1}', 'JSON_SYNTAX'],
    ['{"a":"\0"}', 'JSON_SYNTAX'],
    ['{"a":"\n"}', 'JSON_SYNTAX'],
    ['\u00a0{}', 'JSON_SYNTAX'],
    ['{}\u2028', 'JSON_SYNTAX'],
    ['{/**/}', 'JSON_SYNTAX'],
    ['{"a":1}\ufeff', 'JSON_SYNTAX'],
    ['\ufeff{}', 'JSON_ENCODING'],
    ['{"a":"\\ud800"}', 'JSON_ENCODING'],
    ['{"a":"\\uDC00\\ud83d"}', 'JSON_ENCODING'],
    ['{"\\ud800":1}', 'JSON_ENCODING'],
    ['[{"a\\udFFF":{}}]', 'JSON_ENCODING'],
    [`{"a":"${'x'.repeat(2_000)}","\\ud83d":1}`, 'JSON_ENCODING'],
    ['{"a":1,"a":2}', 'JSON_DUPLICATE_KEY'],
    ['{"a":1,"a":1}', 'JSON_DUPLICATE_KEY'],
    ['{"a":1,"\\u0061":2}', 'JSON_DUPLICATE_KEY'],
    ['{"":0,"":0}', 'JSON_DUPLICATE_KEY'],
    ['[{"x":[{"role":"user","n":1,"role":"admin"}]}]', 'JSON_DUPLICATE_KEY'],
    ['{"a":":","a":"\\""}', 'JSON_DUPLICATE_KEY'],
    // a number written short must not pay for a member that is dropped
    ['{"n":1000000000000,"":0,"":0}', 'JSON_DUPLICATE_KEY'],
    ['{"":0,"":1e12}', 'JSON_DUPLICATE_KEY'],
    ['{"":0,"":1e-7}', 'JSON_DUPLICATE_KEY'],
    ['{"":0,"":2.5e15}', 'JSON_DUPLICATE_KEY'],
    ['{"":0,"":1E5}', 'JSON_DUPLICATE_KEY'],
    ['{"__proto__":{"admin":true}}', 'JSON_PROTOTYPE_KEY'],
    ['{"\\u005f_proto__":{}}', 'JSON_PROTOTYPE_KEY'],
    ['{"a":[{"constructor":{"prototype":{}}}]}', 'JSON_PROTOTYPE_KEY'],
    ['{"\\u0063onstructor":1}', 'JSON_PROTOTYPE_KEY'],
    ['{"prototype":1}', 'JSON_PROTOTYPE_KEY'],
    ['9007199254740992', 'JSON_UNSAFE_NUMBER'],
    ['{"a":-9007199254740993}', 'JSON_UNSAFE_NUMBER'],
    ['[1e400]', 'JSON_UNSAFE_NUMBER'],
    ['[12345678901234567890]', 'JSON_UNSAFE_NUMBER'],
  ])('refuses %s', (text, expected) => {
    expect(reason(text)).toBe(expected);
  });

  it.each([
    [[0x22, 0xff, 0x22]],
    [[0x22, 0xc0, 0xaf, 0x22]],
    [[0x22, 0xed, 0xa0, 0x80, 0x22]],
    [[0x22, 0xf4, 0x90, 0x80, 0x80, 0x22]],
    [[0x22, 0xe2, 0x82, 0x22]],
    [[0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]],
  ])('refuses the bytes %j, which are not UTF-8', (given) => {
    expect(parseJson(Uint8Array.from(given))).toEqual({ ok: false, reason: 'JSON_ENCODING' });
  });

  it('takes depth, nodes, keys, items and lengths up to their limit and not beyond', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect([reason(nested(32)), reason(nested(33))]).toEqual(['ok', 'JSON_DEPTH']);
    expect(reason(`${'{"a":'.repeat(33)}1${'}'.repeat(33)}`)).toBe('JSON_DEPTH');
    expect(reason(nested(40_000))).toBe('JSON_DEPTH');
    expect([reason('[1,2]', { maxNodes: 3 }), reason('[1,2,3]', { maxNodes: 3 })]).toEqual([
      'ok',
      'JSON_TOO_MANY_NODES',
    ]);
    expect([reason('{"a":1}', { maxKeys: 1 }), reason('{"a":1,"b":2}', { maxKeys: 1 })]).toEqual([
      'ok',
      'JSON_TOO_MANY_KEYS',
    ]);
    expect([reason('[1]', { maxArrayLength: 1 }), reason('[1,2]', { maxArrayLength: 1 })]).toEqual([
      'ok',
      'JSON_TOO_MANY_ITEMS',
    ]);
    expect([reason('["ab"]', { maxStringLength: 2 }), reason('["abc"]', { maxStringLength: 2 })]).toEqual([
      'ok',
      'JSON_STRING_TOO_LONG',
    ]);
    expect(reason('{"abc":1}', { maxStringLength: 2 })).toBe('JSON_STRING_TOO_LONG');
  });

  it('leaves Object.prototype as it was', () => {
    const before = Object.getOwnPropertyNames(Object.prototype);
    for (const key of ['__proto__', 'constructor', 'prototype']) reason(`{"${key}":{"polluted":1}}`);
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
    expect('polluted' in {}).toBe(false);
  });

  it('reads whatever JSON.stringify writes, with any white space', () => {
    const value = fc.jsonValue({ maxDepth: 6, noUnicodeString: false, stringUnit: 'grapheme' });
    fc.assert(
      fc.property(value, fc.constantFrom(0, 1, '\t'), (json, space) => {
        const text = JSON.stringify(json, null, space);
        const result = parseJson(bytes(text));
        const parsed: unknown = JSON.parse(text);
        if (result.ok) expect(result.value).toEqual(parsed);
        else expect(hasOddity(parsed)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('finds a duplicate key wherever it is, in whatever numbers, escapes and white space', () => {
    const number = fc.oneof(
      fc.integer().map(String),
      fc.constantFrom(
        '0',
        '-0',
        '1e3',
        '1E+15',
        '25e11',
        '-1e-9',
        '0.001',
        '5e-1',
        '1000',
        '123000',
        '1.50',
        '100.25e1',
      ),
    );
    const text = fc.oneof(
      fc.string({ maxLength: 4 }).map((raw) => JSON.stringify(raw)),
      fc.constantFrom('"\\u003a"', '":"', '" :x"', '"\\\\"', '"\\""', '"\\u0022:"', '"é"'),
    );
    const key = fc.constantFrom(
      '"a"',
      '"b"',
      '"\\u0061"',
      '""',
      '":"',
      '"\\u003a"',
      '"\\\\"',
      '"a\\\\"',
      '"\\u005c"',
    );
    const { tree } = fc.letrec<{ tree: string }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 3 },
        number,
        text,
        fc.array(tie('tree'), { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
        fc
          .array(fc.tuple(key, fc.constantFrom('', ' '), tie('tree')), { maxLength: 3 })
          .map((members) => `{${members.map(([k, space, v]) => `${k}${space}:${v}`).join(',')}}`),
      ),
    }));
    fc.assert(
      fc.property(tree, (json) => {
        expect(reason(json)).toBe(repeatsKey(json) ? 'JSON_DUPLICATE_KEY' : 'ok');
      }),
      { numRuns: 3_000 },
    );
  });

  it('answers on any bytes without throwing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (given) => {
        expect(typeof parseJson(given).ok).toBe('boolean');
      }),
    );
  });

  it('refuses limits that make no sense', () => {
    expect(() => parseJson(bytes('1'), { maxDepth: Number.NaN })).toThrow(/limits\.maxDepth/);
    expect(() => jsonLimits({ maxDept: 3 } as JsonLimits)).toThrow(/limits\.maxDept is not an option/);
    expect(jsonLimits({ maxDepth: 3 })).toMatchObject({ maxDepth: 3, maxNodes: 10_000 });
  });
});

describe('checkStructure', () => {
  it.each([
    [{ a: [1, 'x', null, true, { b: {} }] }],
    [Object.assign(Object.create(null), { a: 1 })],
    ['x'],
    [null],
  ])('takes plain data: %j', (value) => {
    expect(checkStructure(value)).toEqual({ ok: true });
  });

  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  it.each([
    [JSON.parse('{"__proto__":1}'), 'JSON_PROTOTYPE_KEY'],
    [cycle, 'JSON_DEPTH'],
    [{ a: undefined }, 'JSON_NOT_PLAIN'],
    [{ a: 1n }, 'JSON_NOT_PLAIN'],
    [{ a: () => 1 }, 'JSON_NOT_PLAIN'],
    [{ a: new Date(0) }, 'JSON_NOT_PLAIN'],
    [new Map(), 'JSON_NOT_PLAIN'],
    [{ a: Number.NaN }, 'JSON_UNSAFE_NUMBER'],
    [{ a: 2 ** 53 }, 'JSON_UNSAFE_NUMBER'],
    ['\ud800', 'JSON_ENCODING'],
  ])('refuses what JSON could not have made, or not safely (%#)', (value, expected) => {
    expect(checkStructure(value)).toEqual({ ok: false, reason: expected });
  });
});

/** Whether a valid text has an object with one key twice, read by a parser of its own. */
function repeatsKey(text: string): boolean {
  let at = 0;
  let found = false;
  const skip = () => {
    while (' \n\t\r'.includes(text[at] ?? 'x')) at++;
  };
  const string = (): string => {
    const start = at++;
    while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
    return JSON.parse(text.slice(start, ++at)) as string;
  };
  const list = (end: string, member: () => void) => {
    at++;
    for (skip(); text[at] !== end; skip()) {
      if (text[at] === ',') at++;
      skip();
      member();
    }
    at++;
  };
  const value = (): void => {
    skip();
    if (text[at] === '"') string();
    else if (text[at] === '[') list(']', value);
    else if (text[at] === '{') {
      const keys = new Set<string>();
      list('}', () => {
        const key = string();
        found ||= keys.has(key);
        keys.add(key);
        skip();
        at++;
        value();
      });
    } else while (!/[,\]}\s]/.test(text[at] ?? ' ')) at++;
  };
  value();
  return found;
}

function hasOddity(value: unknown): boolean {
  if (typeof value === 'number') return Math.abs(value) > Number.MAX_SAFE_INTEGER;
  if (typeof value !== 'object' || value === null) return false;
  const odd = ['__proto__', 'constructor', 'prototype'];
  return Object.entries(value).some(([key, inner]) => odd.includes(key) || hasOddity(inner));
}
