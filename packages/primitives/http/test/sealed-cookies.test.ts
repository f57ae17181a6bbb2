import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSealedCookies, parseCookies, serializeCookie } from '../src/index.js';

const key = (fill: number) => new Uint8Array(32).fill(fill);
const noon = 1_900_000_000_000;
const forged = { ok: false, reason: 'COOKIE_FORGED' };

describe.each(['sealed', 'signed'] as const)('a cookie that is %s', (mode) => {
  const at = { now: noon };
  const jar = createSealedCookies({ keys: [{ id: 'k1', key: key(1) }], mode, now: () => at.now });

  it('holds any text, through a browser and back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 60 }), async (value) => {
        const text = await jar.seal('theme', value, '1d');
        const header = serializeCookie({ name: 'theme', value: text }).split(';')[0];
        const cookies = parseCookies(header);
        const back = cookies.ok ? cookies.cookies.get('theme') : '';
        expect(await jar.open('theme', back)).toEqual({
          ok: true,
          value,
          stale: false,
        });
      }),
      { numRuns: 50 },
    );
  });

  it('is none with one character changed, added or left out', async () => {
    const text = await jar.seal('theme', 'dark', '1d');
    for (let i = 0; i < text.length; i++) {
      const other = text[i] === 'A' ? 'B' : 'A';
      for (const changed of [
        text.slice(0, i) + other + text.slice(i + 1),
        text.slice(0, i) + text.slice(i + 1),
      ])
        expect(await jar.open('theme', changed), changed).toEqual(forged);
    }
    for (const changed of [
      `${text}A`,
      `${text}=`,
      `${text}.`,
      ` ${text}`,
      text.toLowerCase(),
      '',
      'a.b.c',
      '..',
    ])
      expect(await jar.open('theme', changed), changed).toEqual(forged);
    expect(await jar.open('theme', undefined)).toEqual(forged);
    expect(await jar.open('theme', text)).toMatchObject({ ok: true });
  });

  it('is none for another cookie, with another key, or in the other mode', async () => {
    const text = await jar.seal('theme', 'dark', '1d');
    expect(await jar.open('role', text)).toEqual(forged);
    const others = [
      createSealedCookies({ keys: [{ id: 'k1', key: key(2) }], mode }),
      createSealedCookies({ keys: [{ id: 'k2', key: key(1) }], mode }),
      createSealedCookies({
        keys: [{ id: 'k1', key: key(1) }],
        mode: mode === 'sealed' ? 'signed' : 'sealed',
      }),
    ];
    for (const other of others) expect(await other.open('theme', text)).toEqual(forged);
  });

  it('ends when its time is over, and its end can’t be moved', async () => {
    const text = await jar.seal('theme', 'dark', '1m');
    at.now = noon + 59_999;
    expect(await jar.open('theme', text)).toMatchObject({ ok: true });
    at.now = noon + 60_000;
    expect(await jar.open('theme', text)).toEqual({ ok: false, reason: 'COOKIE_EXPIRED' });
    const [id, until = '', body] = text.split('.');
    const later = (Number.parseInt(until, 36) + 1_000_000).toString(36);
    expect(await jar.open('theme', `${id}.${later}.${body}`)).toEqual(forged);
    at.now = noon;
  });

  it('is opened by an older key, and said to be stale', async () => {
    const text = await jar.seal('theme', 'dark', '1d');
    const rotated = createSealedCookies({
      keys: [
        { id: 'k2', key: key(2) },
        { id: 'k1', key: key(1) },
      ],
      mode,
      now: () => noon,
    });
    expect(await rotated.open('theme', text)).toEqual({ ok: true, value: 'dark', stale: true });
    expect(await rotated.open('theme', await rotated.seal('theme', 'x', '1d'))).toMatchObject({
      stale: false,
    });
    const dropped = createSealedCookies({ keys: [{ id: 'k2', key: key(2) }], mode, now: () => noon });
    expect(await dropped.open('theme', text)).toEqual(forged);
  });

  it('refuses what no browser would keep', async () => {
    await expect(jar.seal('theme', 'a'.repeat(4_000), '1d')).rejects.toThrow(/too long for a cookie/);
    await expect(jar.seal('the me', 'dark', '1d')).rejects.toThrow(/name of a cookie/);
    await expect(jar.seal('theme', 'dark', '500d')).rejects.toThrow(/lifetime/);
  });
});

it('sealed, shows nothing of its value, and is never the same twice; signed, it can be read', async () => {
  const keys = [{ id: 'k1', key: key(1) }];
  const [sealed, signed] = [createSealedCookies({ keys }), createSealedCookies({ keys, mode: 'signed' })];
  const texts = await Promise.all([1, 2].map(() => sealed.seal('cart', 'secret-value', '1d')));
  expect(texts[0]).not.toBe(texts[1]);
  const plain = (text = '') => Buffer.from(text.split('.')[2] ?? '', 'base64url').toString('latin1');
  expect(plain(texts[0])).not.toContain('secret-value');
  expect(plain(await signed.seal('cart', 'secret-value', '1d'))).toContain('secret-value');
});

it.each<[object, RegExp]>([
  [{ keys: [] }, /keys are missing/],
  [{ keys: [{ id: 'a', key: new Uint8Array(31) }] }, /keys\[0\]\.key/],
  [{ keys: [{ id: 'a.b', key: key(1) }] }, /keys\[0\]\.id/],
  [
    {
      keys: [
        { id: 'a', key: key(1) },
        { id: 'a', key: key(2) },
      ],
    },
    /keys\[1\]\.id/,
  ],
  [{ keys: [{ id: 'a', key: key(1) }], mode: 'plain' }, /mode/],
  [{ keys: [{ id: 'a', key: key(1) }], secret: 'x' }, /secret/],
])('refuses %j', (options, message) => {
  expect(() => createSealedCookies(options as never)).toThrow(message);
});
