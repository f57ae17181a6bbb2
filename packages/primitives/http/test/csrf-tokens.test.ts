import { describe, expect, it } from 'vitest';
import { createCsrfTokens, createSealedCookies } from '../src/index.js';

const key = (id: string, fill: number) => ({ id, key: new Uint8Array(32).fill(fill) });
const tokens = createCsrfTokens({ keys: [key('k1', 1)] });

describe('a CSRF token', () => {
  it('is good for its session, another text each time, and for no other session', async () => {
    const [one, other] = await Promise.all([tokens.issue('session-1'), tokens.issue('session-1')]);
    expect(one).not.toBe(other);
    for (const token of [one, other]) {
      expect(await tokens.verify(token, 'session-1')).toBe(true);
      expect(await tokens.verify(token, 'session-2')).toBe(false);
      expect(await tokens.verify(token, '')).toBe(false);
      expect(await tokens.verify(token, undefined)).toBe(false);
    }
  });

  it('shares no piece of text with another of the same session that could be guessed bit by bit', async () => {
    const seen = new Set<string>();
    for (let i = 0; i < 50; i++) {
      const token = (await tokens.issue('session-1')).slice(3);
      for (let at = 0; at + 8 <= token.length; at += 8) seen.add(token.slice(at, at + 8));
    }
    expect(seen.size).toBe(50 * Math.floor(86 / 8));
  });

  it('is none when a character is changed, cut, or added', async () => {
    const token = await tokens.issue('session-1');
    for (let i = 0; i < token.length; i++) {
      const changed = token.slice(0, i) + (token[i] === 'A' ? 'B' : 'A') + token.slice(i + 1);
      expect([changed, await tokens.verify(changed, 'session-1')]).toEqual([changed, false]);
    }
    for (const text of [
      undefined,
      '',
      '.',
      'k1.',
      token.slice(0, -1),
      `${token}A`,
      token.slice(3),
      'a'.repeat(100_000),
    ])
      expect(await tokens.verify(text, 'session-1')).toBe(false);
  });

  it('of an older key is good until that key is gone', async () => {
    const old = await createCsrfTokens({ keys: [key('k0', 9)] }).issue('s');
    const both = createCsrfTokens({ keys: [key('k1', 1), key('k0', 9)] });
    expect(await both.verify(old, 's')).toBe(true);
    expect((await both.issue('s')).startsWith('k1.')).toBe(true);
    expect(await tokens.verify(old, 's')).toBe(false);
    expect(await createCsrfTokens({ keys: [key('k0', 8)] }).verify(old, 's')).toBe(false);
  });

  it('is nothing that the same key makes for another purpose', async () => {
    const sealed = createSealedCookies({ keys: [key('k1', 1)], mode: 'signed' });
    expect(await tokens.verify(await sealed.seal('csrf', 'session-1', '1h'), 'session-1')).toBe(false);
  });

  it('is made for no empty or endless session', async () => {
    await expect(tokens.issue('')).rejects.toThrow(TypeError);
    await expect(tokens.issue('s'.repeat(1_025))).rejects.toThrow(TypeError);
  });

  it.each([[[]], [[{ id: 'k', key: new Uint8Array(31) }]], [[key('a', 1), key('a', 2)]], [[key('a b', 1)]]])(
    'needs keys that make sense: %j',
    (keys) => {
      expect(() => createCsrfTokens({ keys })).toThrow(/csrfTokens\.keys/);
    },
  );
});
