import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../src/index.js';

const { redact, stringify } = createRedactor();

describe('a value', () => {
  it('survives errors that cause themselves', () => {
    const error = new Error('x');
    error.cause = error;
    expect(redact(error)).toMatchObject({ cause: '[circular]' });
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
});
