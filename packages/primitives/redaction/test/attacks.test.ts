import { performance } from 'node:perf_hooks';
import vm from 'node:vm';
import { secret } from '@secapi/secrets';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../src/index.js';

const redactor = createRedactor();
const { redact, stringify, text } = redactor;
const twice = (value: unknown): string => JSON.stringify(JSON.stringify(value));

describe('a secret is hidden', () => {
  it.each<[string, unknown]>([
    ['in JSON in JSON in JSON', { body: JSON.stringify({ body: twice({ password: 'canary' }) }) }],
    ['in JSON behind words', { note: 'POST body {"user":{"password":"canary"},"n":[1]}' }],
    ['in JSON between words', 'sent {"a":1,"apiKey":"canary"} to the other side'],
    ['under a key written with escapes', '{"pass\\u0077ord":"canary"}'],
    ['under such a key behind words', 'body: {"pass\\u0077ord":"canary"} and more }'],
    ['under such a key in what is no JSON', 'body: {"pass\\u0077ord":"canary", …'],
    ['under a key that stands twice, once harmless', '{"password":"canary","password":null}'],
    ['in a query in a query', '/login?next=%2Freset%3Ftoken%3Dcanary%26a%3Db'],
    ['in a query encoded twice', '/login?next=%252Freset%253Ftoken%253Dcanary'],
    ['under an encoded key', '/login?access%5Ftoken=canary&user%5Bpwd%5D=canary'],
    ['behind a long encoded URL', `/login?next=https%3A%2F%2F${'abc%2F'.repeat(40)}%3Ftoken%3Dcanary`],
    ['behind a run of letters', `${'x'.repeat(300)}token=canary`],
    ['in a fragment', 'https://app.example/cb#access_token=canary&state=1'],
    ['as a URL without a user', 'https://:canary@example.com/'],
    ['in a list of headers', { rawHeaders: ['Host', 'x', 'X-Api-Key', 'canary'] }],
    ['in such a list of another client', { headers: ['host', 'x', 'x-api-key', 'canary'] }],
    ['in a Map of headers', { headers: new Map([['Authorization', 'canary']]) }],
    ['in pairs of headers', { headers: [['Set-Cookie', 'sid=canary']] }],
    ['in Headers', new Headers({ 'proxy-authorization': 'canary' })],
    ['in FormData', { form: form([['user[password]', 'canary']]) }],
    ['in a Map from another realm', vm.runInNewContext("new Map([['password', 'canary']])")],
    ['under a symbol of a Map', new Map([[Symbol('password'), 'canary']])],
    [
      'in a Map in a Set in an error',
      Object.assign(new Error('x'), { seen: new Set([new Map([['pin', 'canary']])]) }),
    ],
    ['in an error in a list of causes', new AggregateError([new Error('a', { cause: { token: 'canary' } })])],
    [
      'in a request as axios has it',
      Object.assign(new Error('x'), { config: { headers: { Authorization: 'canary' } } }),
    ],
    ['of the type that hides itself', { note: secret('canary'), list: [secret({ a: 'canary' })] }],
    [
      'as bytes, and as what JSON makes of them',
      [Buffer.from('canary'), new Uint8Array([99]), JSON.parse(JSON.stringify(Buffer.from('canary')))],
    ],
    [
      'in a private field',
      new (class {
        #pin = 'canary';
        has() {
          return this.#pin;
        }
      })(),
    ],
    [
      'in a getter of its class',
      new (class {
        get note() {
          return 'canary';
        }
      })(),
    ],
    ['of a function and a promise', [() => 'canary', Promise.resolve('canary'), (async () => 'canary')()]],
    [
      'in what toJSON gives',
      { a: { toJSON: () => ({ toJSON: 1, b: { toJSON: () => 'Bearer canary-1' } }) } },
    ],
    ['in an array with more members', Object.assign(['a'], { password: 'canary' })],
    ['under a symbol', { [Symbol('password')]: 'canary' }],
    ['in a boxed text', Object('token=canary')],
    ['in a weak reference', [new WeakRef({ a: 'canary' }), new WeakMap(), new WeakSet()]],
    [
      'under full-width letters',
      { ｐａｓｓｗｏｒｄ: 'canary', 'pass\u200bword': 'canary', to_ken: 'canary' },
    ],
    ['behind a proxy', new Proxy({ password: 'canary' }, {})],
    [
      'behind a tag that lies',
      [Object.create({ [Symbol.toStringTag]: 'Map' }, { pin: { value: 'canary', enumerable: true } })],
    ],
  ])('%s', (_title, value) => {
    const line = stringify(value);
    expect(line).not.toMatch(/canary|99,97,110/);
    expect(JSON.stringify(redact(value) ?? null)).not.toMatch(/canary|99,97,110/);
    JSON.parse(line);
  });

  it('and what is beside it stays', () => {
    expect(redact({ note: 'POST body {"user":{"password":"canary","id":7},"n":[1]} done' })).toEqual({
      note: 'POST body {"user":{"password":"[redacted]","id":7},"n":[1]} done',
    });
    expect(text('/login?next=%2Freset%3Ftoken%3Dcanary&b=2')).toBe(
      '/login?next=%2Freset%3Ftoken%3D[redacted]&b=2',
    );
    expect(redact({ headers: ['host', 'x', 'x-api-key', 'canary', 'accept', 'y'] })).toEqual({
      headers: ['host', 'x', 'x-api-key', '[redacted]', 'accept', 'y'],
    });
    expect(
      redact({ data: JSON.parse(JSON.stringify(Buffer.from('canary'))), value: { data: [1], type: 'x' } }),
    ).toEqual({
      data: { type: 'Buffer', data: '[Buffer of 6 bytes]' },
      value: { data: [1], type: 'x' },
    });
  });

  it('while toJSON writes by the same redactor', () => {
    const value = { a: 1, b: { toJSON: () => stringify({ password: 'canary', c: [2] }) }, d: 'x' };
    expect(stringify(value)).toBe('{"a":1,"b":"{\\"password\\":\\"[redacted]\\",\\"c\\":[2]}","d":"x"}');
  });

  it('however many keys have been seen', () => {
    const own = createRedactor();
    for (let i = 0; i < 5_000; i++) own.stringify({ [`key${i}`]: 1 });
    expect(own.stringify({ password: 'canary', key7: 7 })).toBe('{"password":"[redacted]","key7":7}');
  });
});

describe('on one line', () => {
  const hostile =
    'a\r\nb\u0000c\u001b[31md\u007fe\u0085f\u009bg\u2028h\u2029i\u202ej\u2066k\u200fl\u061cm\tn';

  it('is every text, with what acts shown', () => {
    expect(text(hostile)).toBe(
      'a\\r\\nb\\u0000c\\u001b[31md\\u007fe\\u0085f\\u009bg\\u2028h\\u2029i\\u202ej\\u2066k\\u200fl\\u061cm\\tn',
    );
    expect(text('Größe 漢字 🔑 é — “x”')).toBe('Größe 漢字 🔑 é — “x”');
  });

  it('is every value as JSON, which says the same', () => {
    const line = stringify({ note: hostile, [hostile]: 1 });
    expect(line).not.toMatch(/[\p{Cc}\u2028\u2029\u202e\u2066\u200f\u061c]/u);
    expect(JSON.parse(line)).toEqual({ note: hostile, [hostile]: 1 });
  });

  it('is whatever text there is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (any) => {
        expect(text(any)).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/u);
      }),
    );
  });
});

it('takes linear time on keys and texts that are made to be slow', () => {
  const full = createRedactor({ values: ['email', 'iban', 'phone'] });
  for (const unit of [
    'a@',
    'a.',
    '%40a.',
    'DE12 ',
    '+1 2',
    '=',
    'a=',
    '\\u0070',
    '%25',
    '%253D',
    'a%3D',
    '{"',
    '[1,',
    '_aaaaaaaa',
    '[[',
  ])
    for (const value of [unit.repeat(16_000 / unit.length), `{"a":"${unit.repeat(4_000 / unit.length)}`]) {
      const from = performance.now();
      full.stringify({ value, [value]: 1 });
      // Quadratic work on 16,000 characters takes seconds; this is linear work with much room for a busy machine.
      expect(performance.now() - from, unit).toBeLessThan(1_500);
    }
});

function form(entries: readonly (readonly [string, string])[]): FormData {
  const data = new FormData();
  for (const [name, value] of entries) data.append(name, value);
  return data;
}
