import { createHash } from 'node:crypto';
import { ConfigError } from '@secapi/kernel';
import { describe, expect, it } from 'vitest';
import { createOneTimeTokens, memoryOneTimeStore, type OneTimeRecord } from '../src/index.js';
import { fakeClock, start } from './support.js';

const invalid = { ok: false, reason: 'invalid' };
const reset = { purpose: 'password-reset', subject: 'u', lifetime: '15m' } as const;

function setUp(bounds = {}) {
  const now = fakeClock();
  const written: OneTimeRecord[] = [];
  const inner = memoryOneTimeStore(bounds);
  const store = {
    ...inner,
    put: (record: OneTimeRecord) => inner.put(written[written.push(record) - 1] ?? record),
  };
  return { now, written, tokens: createOneTimeTokens({ store, now }) };
}

describe('a one-time token', () => {
  it('works once', async () => {
    const { tokens } = setUp();
    const { token, expiresAt } = await tokens.issue(reset);
    expect([token.length, expiresAt]).toEqual([43, start + 900_000]);
    expect(await tokens.consume({ purpose: reset.purpose, token })).toEqual({ ok: true, subject: 'u' });
    expect(await tokens.consume({ purpose: reset.purpose, token })).toEqual(invalid);
  });

  it('works once when it is used 50 times at the same moment', async () => {
    const { tokens } = setUp();
    const { token } = await tokens.issue({ ...reset, binding: 'hash' });
    const use = () => tokens.consume({ purpose: reset.purpose, token, binding: async () => 'hash' });
    const results = await Promise.all(Array.from({ length: 50 }, use));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
  });

  it('serves no other purpose, and is not used up by the attempt', async () => {
    const { tokens } = setUp();
    const { token } = await tokens.issue(reset);
    for (const purpose of ['verify-email', 'password-rese', 'password-reset ', '', undefined as never]) {
      expect(await tokens.consume({ purpose, token })).toEqual(invalid);
    }
    expect(await tokens.consume({ purpose: reset.purpose, token })).toMatchObject({ ok: true });
  });

  it('dies with its time', async () => {
    for (const [wait, ok] of [
      [899_999, true],
      [900_000, false],
    ] as const) {
      const { tokens, now } = setUp();
      const { token } = await tokens.issue(reset);
      now.advance(wait);
      expect((await tokens.consume({ purpose: reset.purpose, token })).ok).toBe(ok);
    }
  });

  it('dies with the state that it is bound to', async () => {
    for (const [issued, now, ok] of [
      ['hash', 'hash', true],
      ['hash', 'other', false],
      ['hash', '', false],
      ['hash', undefined, false],
      ['', '', true],
      ['', undefined, false],
      [undefined, 'hash', false],
      [undefined, '', false],
      [undefined, undefined, true],
    ] as const) {
      const { tokens } = setUp();
      const { token } = await tokens.issue({ ...reset, binding: issued });
      expect((await tokens.consume({ purpose: reset.purpose, token, binding: now })).ok).toBe(ok);
      const { token: other } = await tokens.issue({ ...reset, binding: issued });
      const asked: string[] = [];
      const binding = (subject: string) => {
        asked.push(subject);
        return now;
      };
      // Whoever asks for a state means the token to have one.
      const expected = ok && issued !== undefined;
      expect((await tokens.consume({ purpose: reset.purpose, token: other, binding })).ok).toBe(expected);
      expect(asked).toEqual(['u']);
      expect(await tokens.consume({ purpose: reset.purpose, token: other, binding })).toEqual(invalid);
    }
  });

  it('is revoked with all of its subject and purpose, and no others', async () => {
    const { tokens } = setUp();
    const mine = await Promise.all([1, 2].map(() => tokens.issue(reset)));
    const other = await tokens.issue({ ...reset, subject: 'v' });
    const mail = await tokens.issue({ ...reset, purpose: 'verify-email' });
    await tokens.revoke(reset.purpose, 'u');
    for (const { token } of mine)
      expect(await tokens.consume({ purpose: reset.purpose, token })).toEqual(invalid);
    expect(await tokens.consume({ purpose: reset.purpose, token: other.token })).toMatchObject({ ok: true });
    expect(await tokens.consume({ purpose: 'verify-email', token: mail.token })).toMatchObject({ ok: true });
  });

  it.each<unknown>([undefined, null, '', 0, {}, 'x', 'A'.repeat(43), 'A'.repeat(1_000_000)])(
    'is not %j',
    async (token) => {
      const { tokens } = setUp();
      await tokens.issue(reset);
      expect(await tokens.consume({ purpose: reset.purpose, token: token as string })).toEqual(invalid);
    },
  );

  it('stands nowhere in the store, nor does what it is bound to', async () => {
    const { tokens, written } = setUp();
    const { token } = await tokens.issue({ ...reset, binding: '$argon2id$canary' });
    const dump = JSON.stringify(written);
    expect(dump).not.toContain(token);
    expect(dump).not.toContain('canary');
    expect(dump).not.toContain(createHash('sha256').update('$argon2id$canary').digest('base64url'));
    expect(written[0]?.digest).toBe(createHash('sha256').update(token).digest('base64url'));
  });

  it('is not issued for nobody, nothing or ever', async () => {
    const { tokens } = setUp();
    for (const change of [
      { subject: '' },
      { purpose: '' },
      { subject: undefined },
      { purpose: 'x'.repeat(513) },
    ]) {
      const issue = tokens.issue({ ...reset, ...change } as never);
      await expect(issue).rejects.toThrow(expect.objectContaining({ code: 'TOKEN_INPUT_INVALID' }));
    }
    for (const lifetime of [0, -1, Number.POSITIVE_INFINITY, '31d', 'soon']) {
      await expect(tokens.issue({ ...reset, lifetime } as never)).rejects.toThrow(ConfigError);
    }
    expect(() => createOneTimeTokens({} as never)).toThrow(ConfigError);
    expect(() => createOneTimeTokens({ store: memoryOneTimeStore(), size: 4 } as never)).toThrow(ConfigError);
  });
});

describe('the memory store of one-time tokens', () => {
  const works = async ({ tokens }: ReturnType<typeof setUp>, list: { token: string }[]) =>
    (await Promise.all(list.map(({ token }) => tokens.consume({ purpose: reset.purpose, token })))).map(
      ({ ok }) => ok,
    );

  it('drops the oldest of a subject when there are too many of it', async () => {
    const made = setUp({ maxPerSubject: 2 });
    const other = await made.tokens.issue({ ...reset, subject: 'v' });
    const list = [];
    for (let i = 0; i < 4; i++) list.push(await made.tokens.issue(reset));
    expect(await works(made, [other, ...list])).toEqual([true, false, false, true, true]);
  });

  it('drops the oldest of all when there are too many', async () => {
    const made = setUp({ max: 3 });
    const list = [];
    for (let i = 0; i < 5; i++) list.push(await made.tokens.issue({ ...reset, subject: `u${i}` }));
    expect(await works(made, list)).toEqual([false, false, true, true, true]);
  });

  it('takes no digest twice, and sweeps the expired out before those that live', async () => {
    const store = memoryOneTimeStore();
    const put = (i: number, expiresAt: number) =>
      store.put({ digest: `d${i}`, purpose: 'p', subject: `${i}`, expiresAt });
    for (let i = 0; i < 2_000; i++) await put(i, i < 1_000 ? 10 : 1_000);
    await expect(put(0, 10)).rejects.toThrow(expect.objectContaining({ code: 'TOKEN_STORE_CONFLICT' }));
    expect(await store.take('d1999', 'p', 500)).toMatchObject({ subject: '1999' });
    await put(0, 1_000); // it was swept
    expect(await store.take('d0', 'p', 500)).toMatchObject({ subject: '0' });
    expect(await store.take('d1000', 'p', 999)).toMatchObject({ subject: '1000' });
  });

  it.each([{ max: 0 }, { max: Number.NaN }, { maxPerSubject: 0 }, { size: 1 }])(
    "can't be made with %j",
    (options) => {
      expect(() => memoryOneTimeStore(options as never)).toThrow(ConfigError);
    },
  );
});
