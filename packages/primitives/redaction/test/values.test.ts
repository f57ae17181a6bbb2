import vm from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor, safeView } from '../src/index.js';

const redactor = createRedactor();
const { redact, stringify } = redactor;

describe('a value', () => {
  it('keeps all that is harmless, as JSON would', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        fc.pre(
          JSON.stringify(value).length < 200 &&
            !/[:=@%]|\d{12}|eyJ|Bearer|Basic/.test(JSON.stringify(value).replace(/":/g, '')),
        );
        expect(stringify(value)).toBe(JSON.stringify(value));
        expect(redact(value)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('loses its secrets at every depth from 1 to 50, in objects, lists, maps and errors', () => {
    for (let depth = 1; depth <= 50; depth++) {
      let value: unknown = { password: 'canary', note: 'Bearer canary-abc123', api_key: ['canary'] };
      for (let i = 0; i < depth; i++) {
        const kinds = [
          { next: value },
          [value],
          new Map([['next', value]]),
          new Error('x', { cause: value }),
          new Set([value]),
        ];
        value = kinds[i % kinds.length];
      }
      const line = stringify(value);
      expect(line).not.toContain('canary');
      expect(line.match(/\[redacted\]/g)?.length).toBe(3);
      expect(JSON.stringify(redact(value))).toBe(line);
    }
  });

  it('is never changed', () => {
    const value = Object.freeze({ password: 'x', list: Object.freeze([Object.freeze({ token: 'y' })]) });
    redact(value);
    expect(value).toEqual({ password: 'x', list: [{ token: 'y' }] });
    const copy = redact({ a: { b: 1 } }) as { a: { b: number } };
    copy.a.b = 2;
    const source = { a: { b: 1 } };
    (redact(source) as typeof source).a.b = 2;
    expect(source.a.b).toBe(1);
  });

  it('shows an error with message, stack and causes, masked', () => {
    const cause = Object.assign(new TypeError('password=canary'), { code: 'E_X', token: 'canary' });
    const shown = redact(new Error('failed for postgres://a:canary@h/d', { cause })) as Record<string, never>;
    expect(shown).toMatchObject({
      name: 'Error',
      message: 'failed for postgres://[redacted]@h/d',
      stack: expect.stringContaining('values.test.ts'),
      cause: { name: 'TypeError', message: 'password=[redacted]', code: 'E_X', token: '[redacted]' },
    });
    expect(JSON.stringify(shown)).not.toContain('canary');
  });

  it('shows every error of an aggregate, and errors of another realm', () => {
    const foreign: unknown = vm.runInNewContext("new Error('token=canary')");
    const shown = redact(new AggregateError([new Error('secret: canary'), foreign], 'all failed'));
    expect(shown).toMatchObject({
      message: 'all failed',
      errors: [{ message: 'secret: [redacted]' }, { message: 'token=[redacted]' }],
    });
    expect(JSON.stringify(shown)).not.toContain('canary');
  });

  it('shows the types that JSON forgets', () => {
    const shown = redact({
      map: new Map<unknown, unknown>([
        ['password', 'canary'],
        ['a', 1],
      ]),
      odd: new Map<unknown, unknown>([[{ token: 'canary' }, 1]]),
      set: new Set(['x', { token: 'canary' }]),
      headers: new Headers([
        ['authorization', 'canary'],
        ['set-cookie', 'a=canary'],
        ['set-cookie', 'b=canary'],
        ['accept', 'x'],
      ]),
      url: new URL('https://u:canary@example.com/p?token=canary&q=1'),
      query: new URLSearchParams('password=canary&q=1&q=2'),
      date: new Date(0),
      never: new Date(Number.NaN),
      big: 10n,
      symbol: Symbol('password=canary'),
      fn: () => 'canary',
      buffer: Buffer.from('canary'),
      floats: new Float32Array(2),
      view: new DataView(new ArrayBuffer(3)),
      raw: new ArrayBuffer(4),
      regexp: /x/g,
      promise: Promise.resolve('canary'),
      boxed: new String('password=canary'),
      nan: Number.NaN,
      gone: undefined,
    });
    expect(shown).toEqual({
      map: { password: '[redacted]', a: 1 },
      odd: [{ key: { token: '[redacted]' }, value: 1 }],
      set: ['x', { token: '[redacted]' }],
      headers: { accept: 'x', authorization: '[redacted]', 'set-cookie': '[redacted]' },
      url: 'https://[redacted]@example.com/p?token=[redacted]&q=1',
      query: { password: '[redacted]', q: ['1', '2'] },
      date: '1970-01-01T00:00:00.000Z',
      never: null,
      big: '10',
      symbol: 'Symbol(password=[redacted])',
      fn: '[function]',
      buffer: '[Buffer of 6 bytes]',
      floats: '[Float32Array of 8 bytes]',
      view: '[DataView of 3 bytes]',
      raw: '[ArrayBuffer of 4 bytes]',
      regexp: '/x/g',
      promise: '[Promise]',
      boxed: 'password=[redacted]',
      nan: null,
    });
  });

  it('calls toJSON once, and masks what it gives', () => {
    class Money {
      toJSON() {
        return { token: 'canary', amount: 1 };
      }
    }
    expect(redact({ a: new Money() })).toEqual({ a: { token: '[redacted]', amount: 1 } });
    const self = { toJSON: () => self, password: 'canary' };
    expect(redact(self)).toMatchObject({ password: '[redacted]' });
  });

  it('shows own members of instances, and none that they inherit', () => {
    class User {
      name = 'ada';
      password = 'canary';
      #hidden = 'canary';
      get secretly() {
        return this.#hidden;
      }
    }
    expect(redact(new User())).toEqual({ name: 'ada', password: '[redacted]' });
    expect(redact(Object.create({ inherited: 1 }, { own: { value: 2, enumerable: true } }))).toEqual({
      own: 2,
    });
    expect(redact(Object.assign(Object.create(null), { a: 1, token: 'canary' }))).toEqual({
      a: 1,
      token: '[redacted]',
    });
  });

  it('that is a pair or a named value is masked by its name', () => {
    expect(
      redact({
        pairs: [
          ['Authorization', 'canary'],
          ['accept', 'x'],
        ],
        rawHeaders: ['Cookie', 'a=canary', 'Accept', 'x'],
        har: [
          { name: 'authorization', value: 'canary' },
          { name: 'accept', value: 'x' },
        ],
        required: ['password', 'email', 'name'],
      }),
    ).toEqual({
      pairs: [
        ['Authorization', '[redacted]'],
        ['accept', 'x'],
      ],
      rawHeaders: ['Cookie', '[redacted]', 'Accept', 'x'],
      har: [
        { name: 'authorization', value: '[redacted]' },
        { name: 'accept', value: 'x' },
      ],
      required: ['password', 'email', 'name'],
    });
  });

  it('that is a card as a number is masked, and other large numbers are not', () => {
    expect(redact([4_111_111_111_111_111, 1_732_430_000_000, 1e21])).toEqual([
      '[redacted]',
      1_732_430_000_000,
      1e21,
    ]);
  });

  it('can be masked with another censor', () => {
    const own = createRedactor({ censor: '***REDACTED***' });
    expect(own.redact({ password: 'x', note: 'Bearer canary-1 and $& token=abc' })).toEqual({
      password: '***REDACTED***',
      note: 'Bearer ***REDACTED*** and $& token=***REDACTED***',
    });
    expect(createRedactor({ censor: '$&' }).text('token=canary AKIAIOSFODNN7EXAMPLE')).toBe('token=$& $&');
  });
});

describe('safeView', () => {
  it('shows the named own members and nothing else', () => {
    const user = { id: 1, name: 'ada', password: 'x' };
    const view = safeView(user, ['id', 'name']);
    expect(view).toEqual({ id: 1, name: 'ada' });
    // @ts-expect-error the type follows: there is no password
    expect(view.password).toBeUndefined();
    expect(safeView(Object.create({ id: 1 }) as { id: number }, ['id'])).toEqual({});
  });
});

describe('a number', () => {
  it('is written as JSON writes it, whatever it is', () => {
    const same = (value: number): void => {
      expect(stringify([value, { value }])).toBe(JSON.stringify([value, { value }]));
    };
    for (const value of [
      0,
      -0,
      0.1,
      0.001,
      1.5,
      0.1 + 0.2,
      2_147_483.647,
      2_147_483.648,
      1e-7,
      1e21,
      -1.5,
      Number.MAX_VALUE,
      Number.MIN_VALUE,
    ])
      same(value);
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) same(value);
    fc.assert(fc.property(fc.double({ max: 1e11 }), same));
    fc.assert(
      fc.property(fc.integer({ min: -3e9, max: 3e9 }), (n) => same(n / 1_000)),
      { numRuns: 500 },
    );
  });
});
