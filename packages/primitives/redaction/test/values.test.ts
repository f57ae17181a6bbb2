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

  it('survives errors that cause themselves', () => {
    const error = new Error('x');
    error.cause = error;
    expect(redact(error)).toMatchObject({ cause: '[circular]' });
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

  it('survives getters, proxies and methods that throw', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const hostile = {
      get bad() {
        throw new Error('canary');
      },
      good: 1,
      revoked: proxy,
      trap: new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error('canary');
          },
        },
      ),
      proto: new Proxy(
        {},
        {
          getPrototypeOf: () => {
            throw new Error('canary');
          },
        },
      ),
      fake: new Proxy(new Map(), {}),
      json: {
        toJSON: () => {
          throw new Error('canary');
        },
      },
      fine: new Proxy({ password: 'canary', a: 1 }, {}),
    };
    expect(redact(hostile)).toEqual({
      bad: '[unreadable]',
      good: 1,
      revoked: '[unreadable]',
      trap: '[unreadable]',
      proto: '[unreadable]',
      fake: '[unreadable]',
      json: '[unreadable]',
      fine: { password: '[redacted]', a: 1 },
    });
    const error = new Error('x');
    Object.defineProperty(error, 'message', {
      get: () => {
        throw new Error('canary');
      },
    });
    expect(redact(error)).toMatchObject({ message: '[unreadable]' });
  });

  it('reads each member once, so that none can be harmless first and secret then', () => {
    let reads = 0;
    const value = {
      get note() {
        return reads++ === 0 ? 'harmless' : 'Bearer canary-123';
      },
    };
    expect(stringify(value)).toBe('{"note":"harmless"}');
    expect(reads).toBe(1);
  });

  it('shows circles and shared parts', () => {
    const shared = { a: 1 };
    const circle: Record<string, unknown> = { shared, again: shared, list: [] };
    circle.self = circle;
    (circle.list as unknown[]).push(circle);
    expect(redact(circle)).toEqual({
      shared: { a: 1 },
      again: { a: 1 },
      self: '[circular]',
      list: ['[circular]'],
    });
  });

  it('is bounded in depth, members and text', () => {
    let deep: unknown = { password: 'canary' };
    for (let i = 0; i < 10_000; i++) deep = { deep };
    expect(stringify(deep)).toContain('[too deep]');
    const wide = createRedactor({ maxNodes: 100 });
    expect(wide.stringify(Array.from({ length: 1_000_000 }, (_, i) => i)).length).toBeLessThan(1_000);
    expect(
      wide.stringify(Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`k${i}`, i]))).length,
    ).toBeLessThan(2_000);
    expect(wide.stringify({ a: 'x'.repeat(1_000_000), b: 'y' })).toBe(
      '{"a":"[truncated]","b":"[truncated]"}'.replace(',"b":"[truncated]"', ',"[truncated]":true'),
    );
    let bomb: unknown = ['x'];
    for (let i = 0; i < 60; i++) bomb = [bomb, bomb];
    expect(stringify(bomb).length).toBeLessThan(2_000_000);
    for (const line of [wide.stringify([[1, 2], [3]]), stringify(bomb)]) JSON.parse(line);
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

  it('keeps an own __proto__, and Object.prototype as it was', () => {
    const before = Reflect.ownKeys(Object.prototype).length;
    const value: unknown = JSON.parse('{"__proto__":{"password":"canary","a":1}}');
    expect(stringify(value)).toBe('{"__proto__":{"password":"[redacted]","a":1}}');
    expect(Object.hasOwn(redact(value) as object, '__proto__')).toBe(true);
    redact(new Map([['__proto__', { polluted: 1 }]]));
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(Reflect.ownKeys(Object.prototype).length).toBe(before);
  });

  it('is JSON on one line, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.anything({
          withBigInt: true,
          withDate: true,
          withMap: true,
          withSet: true,
          withTypedArray: true,
          withNullPrototype: true,
          withObjectString: true,
        }),
        (value) => {
          const line = stringify(value);
          expect(line).not.toMatch(/[\r\n]/);
          JSON.parse(line);
        },
      ),
    );
    expect(stringify(undefined)).toBe('null');
    expect(redact(undefined)).toBeUndefined();
  });

  it('never shows a secret, at any place of any value', () => {
    const secret = fc.constantFrom(
      { password: 'canary' },
      { headers: { 'X-Api-Key': 'canary' } },
      'token=canary',
      '{"secret":"canary"}',
      ['postgres://u:canary@h'],
    );
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'medium' },
        secret,
        fc.string(),
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(fc.string(), tie('tree'), { maxKeys: 4 }),
        tie('tree').map((each) => new Error('x', { cause: each })),
        tie('tree').map((each) => new Map([['k', each]])),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        expect(stringify(value)).not.toContain('canary');
      }),
      { numRuns: 500 },
    );
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
