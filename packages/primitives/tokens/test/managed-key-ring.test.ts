import { ConfigError } from '@secapi/kernel';
import { describe, expect, it } from 'vitest';
import {
  createAccessTokenIssuer,
  createManagedKeyRing,
  createTokenVerifier,
  generateKey,
  type JWK,
  type KeyRecord,
  type KeyRing,
  memoryKeyStore,
} from '../src/index.js';
import { day, failing, hour, minute, ringOver, seal, sealOf } from './managed-support.js';
import { api, fakeClock, start } from './support.js';

const spare = await generateKey();
const names = { issuer: api, audience: api };
const issue = async (keys: KeyRing, now: () => number) =>
  (await createAccessTokenIssuer({ ...names, keys, now }).issue({ subject: 'u', session: 's' })).token;
const verifierOf = (keys: KeyRing, now: () => number) =>
  createTokenVerifier({
    ...names,
    keys,
    now,
    algorithms: ['EdDSA'],
    type: 'at+jwt',
    maxLifetime: '15m',
    clockTolerance: 0,
  });

describe('a managed key ring', () => {
  it('begins with a key that signs at once', async () => {
    const ring = await ringOver(memoryKeyStore(), fakeClock());
    const [key] = ring.keys();
    expect(ring.keys()).toEqual([{ kid: key?.kid, alg: 'EdDSA', phase: 'active', activeAt: start }]);
    expect(ring.signing()).toMatchObject({ kid: key?.kid, alg: 'EdDSA', key: { extractable: false } });
    expect(ring.jwks().keys.map((jwk) => Object.keys(jwk).sort())).toEqual([
      ['alg', 'crv', 'kid', 'kty', 'use', 'x'],
    ]);
    expect(ring.algorithms).toEqual(['EdDSA']);
  });

  it('takes a key through its phases by the clock: published, active, verify-only, retired', async () => {
    const [store, now] = [memoryKeyStore(), fakeClock()];
    const ring = await ringOver(store, now);
    const first = ring.signing().kid;
    const { kid: second, activeAt } = await ring.rotate();
    const phases = () => Object.fromEntries(ring.keys().map(({ kid, phase }) => [kid, phase]));
    const published = () => ring.jwks().keys.map(({ kid }) => kid);
    expect(activeAt).toBe(start + hour);
    expect([phases(), ring.signing().kid]).toEqual([{ [first]: 'active', [second]: 'published' }, first]);
    expect(published()).toEqual([first, second]);
    now.advance(hour - 1);
    expect(ring.signing().kid).toBe(first);
    now.advance(1);
    expect([phases(), ring.signing().kid]).toEqual([{ [first]: 'verify-only', [second]: 'active' }, second]);
    expect([published(), ring.verifying(first)?.alg]).toEqual([[first, second], 'EdDSA']);
    now.advance(20 * minute);
    expect(phases()).toEqual({ [first]: 'retired', [second]: 'active' });
    expect([published(), ring.verifying(first), ring.verifying(second)?.alg]).toEqual([
      [second],
      undefined,
      'EdDSA',
    ]);
  });

  it('rotates by the clock, early enough to publish, and by no clock when it is told so', async () => {
    const now = fakeClock();
    const ring = await ringOver(memoryKeyStore(), now);
    const still = await ringOver(memoryKeyStore(), now, { rotateEvery: false });
    now.advance(30 * day - hour - 1);
    await ring.refresh();
    expect(ring.keys()).toHaveLength(1);
    now.advance(1);
    for (let i = 0; i < 3; i++) await ring.refresh();
    expect(ring.keys().map(({ activeAt }) => activeAt)).toEqual([start, start + 30 * day]);
    now.advance(5 * 366 * day);
    await still.refresh();
    expect(still.keys()).toHaveLength(1);
  });

  it('rotates late where nobody was there in time, and never without publishing first', async () => {
    const [store, now] = [memoryKeyStore(), fakeClock()];
    const first = (await ringOver(store, now)).signing().kid;
    now.advance(90 * day);
    const ring = await ringOver(store, now);
    expect(ring.signing().kid).toBe(first);
    expect(ring.keys().at(-1)?.activeAt).toBe(now() + hour);
  });

  it('purges records when it saves, some minutes after they retired', async () => {
    const [store, now] = [memoryKeyStore(), fakeClock()];
    const ring = await ringOver(store, now);
    for (let i = 0; i < 5; i++) {
      await ring.rotate();
      now.advance(hour + 20 * minute + 5 * minute);
    }
    await ring.rotate();
    expect((await store.load()).keys).toHaveLength(2);
    expect(ring.keys().map(({ phase }) => phase)).toEqual(['active', 'published']);
  });

  it('makes one key, however many processes start or rotate at once', async () => {
    const [store, now] = [memoryKeyStore(), fakeClock()];
    const rings = await Promise.all(Array.from({ length: 20 }, () => ringOver(store, now)));
    expect(new Set(rings.map((ring) => ring.signing().kid)).size).toBe(1);
    const rotated = await Promise.all(rings.map((ring) => ring.rotate()));
    expect(new Set(rotated.map(({ kid }) => kid)).size).toBe(1);
    expect((await store.load()).keys).toHaveLength(2);
    expect(await rings[0]?.rotate()).toEqual(rotated[0]);
  });

  it('refuses to rotate where a hundred keys still verify', async () => {
    const [store, now] = [memoryKeyStore(), fakeClock()];
    const ring = await ringOver(store, now, { publishFor: '1s', verifyFor: '8d' });
    for (let i = 1; i < 100; i++) {
      await ring.rotate();
      now.advance(1_000);
    }
    await expect(ring.rotate()).rejects.toThrow(expect.objectContaining({ code: 'KEY_RING_FULL' }));
    expect([ring.keys().length, ring.signing().kid]).toEqual([100, ring.keys().at(-1)?.kid]);
  });

  it('gives up, with a code, when the store changes under every attempt', async () => {
    const [store, now] = [memoryKeyStore(), fakeClock()];
    const ring = await ringOver(
      { ...store, save: async (...args) => args[0] === 0 && store.save(...args) },
      now,
    );
    await expect(ring.rotate()).rejects.toThrow(expect.objectContaining({ code: 'TOKEN_STORE_CONFLICT' }));
    expect(ring.signing().alg).toBe('EdDSA');
  });

  it('goes on with what it has while the store is down, and says so', async () => {
    const [store, now] = [failing(memoryKeyStore()), fakeClock()];
    const ring = await ringOver(store, now);
    const { verify } = verifierOf(ring, now);
    store.fail = 1_000;
    await expect(ring.refresh()).rejects.toThrow('down');
    await expect(ring.rotate()).rejects.toThrow('down');
    expect(await verify(await issue(ring, now))).toMatchObject({ ok: true });
    await expect(ringOver(store, now)).rejects.toThrow('down');
    store.fail = 0;
    await ring.rotate();
    expect(ring.keys()).toHaveLength(2);
  });

  it('goes on with what it has when the store has lost its keys, and makes no new ones', async () => {
    const [store, now] = [memoryKeyStore(), fakeClock()];
    let current = store;
    const ring = await ringOver(
      { load: () => current.load(), save: (...args) => current.save(...args) },
      now,
    );
    const { kid } = ring.signing();
    current = memoryKeyStore();
    await expect(ring.refresh()).rejects.toThrow(expect.objectContaining({ code: 'TOKEN_STORE_INVALID' }));
    await expect(ring.rotate()).rejects.toThrow(expect.objectContaining({ code: 'TOKEN_STORE_INVALID' }));
    expect([ring.signing().kid, (await current.load()).version]).toEqual([kid, 0]);
  });

  it('finds a key that it missed when a token shows it, and asks the store seldom for keys that nobody has', async () => {
    const [store, now] = [failing(memoryKeyStore()), fakeClock()];
    const one = await ringOver(store, now);
    let loads = 0;
    const counted = {
      ...store,
      load() {
        loads++;
        return store.load();
      },
    };
    const other = await ringOver(counted, now);
    await one.rotate();
    now.advance(hour);
    const { verify } = verifierOf(other, now);
    expect(await verify(await issue(one, now))).toMatchObject({ ok: true });
    const before = loads;
    await Promise.all(Array.from({ length: 50 }, (_, i) => other.fetchKey?.(`nobody-${i}`)));
    expect(loads).toBe(before);
    now.advance(5_000);
    await Promise.all(Array.from({ length: 50 }, (_, i) => other.fetchKey?.(`nobody-${i}`)));
    expect(loads).toBe(before + 1);
    now.advance(5_000);
    store.fail = 1;
    expect(await other.fetchKey?.('nobody')).toBeUndefined();
  });

  it('keeps a verified token remembered over a refresh, and refuses it once its key retires', async () => {
    const [store, now] = [memoryKeyStore(), fakeClock()];
    const ring = await ringOver(store, now, { verifyFor: '1m' });
    const { verify } = verifierOf(ring, now);
    await ring.rotate();
    now.advance(hour - 1);
    const token = await issue(ring, now);
    const verdict = await verify(token);
    await ring.refresh();
    expect(await verify(token)).toBe(verdict);
    now.advance(minute + 1);
    expect(await verify(token)).toEqual({ ok: false, reason: 'unknown_key' });
  });

  it('begins with the seeds: the first private one signs, the others verify on', async () => {
    const [store, now] = [memoryKeyStore(), fakeClock()];
    const [a, b, c] = await Promise.all([generateKey('ES256'), generateKey('ES256'), generateKey()]);
    const { d: _, ...publicC } = c as JWK;
    const dead = { ...(await generateKey()), exp: start / 1_000 - 1 };
    const seed = [publicC, a, b, dead] as JWK[];
    const ring = await ringOver(store, now, { seed });
    expect(ring.signing().kid).toBe(a?.kid);
    expect(Object.fromEntries(ring.keys().map(({ kid, phase }) => [kid, phase]))).toEqual({
      [String(a?.kid)]: 'active',
      [String(b?.kid)]: 'verify-only',
      [String(c?.kid)]: 'verify-only',
    });
    const other = await ringOver(store, now, { seed: [await generateKey()] });
    expect(other.signing().kid).toBe(a?.kid);
    now.advance(20 * minute);
    expect(ring.jwks().keys.map(({ kid }) => kid)).toEqual([a?.kid]);
  });

  it('can sign by HMAC, and publishes nothing then', async () => {
    const [store, now] = [memoryKeyStore(), fakeClock()];
    const [one, other] = [await ringOver(store, now, { algorithm: 'HS256' }), await ringOver(store, now)];
    expect([one.jwks(), one.signing().alg, other.verifying(one.signing().kid)?.alg]).toEqual([
      { keys: [] },
      'HS256',
      'HS256',
    ]);
    expect(JSON.stringify(await store.load())).not.toMatch(/"k":/);
  });

  it.each<[string, object]>([
    ['no store', { store: undefined }],
    ['a store that is none', { store: {} }],
    ['no seal', { seal: [] }],
    ['a seal of 31 bytes', { seal: [{ id: 'a', key: new Uint8Array(31).map((_, i) => i) }] }],
    ['a seal of zeros', { seal: [{ id: 'a', key: new Uint8Array(32) }] }],
    ['a seal as text', { seal: [{ id: 'a', key: 'x'.repeat(32) }] }],
    ['a seal without id', { seal: [{ ...sealOf('', 1) }] }],
    ['one seal id twice', { seal: [sealOf('a', 1), sealOf('a', 2)] }],
    ['no verifyFor', { verifyFor: undefined }],
    ['an endless verifyFor', { verifyFor: Number.POSITIVE_INFINITY }],
    ['keys that sign shorter than they are published', { rotateEvery: '1h', publishFor: '1h' }],
    ['an algorithm that is none', { algorithm: 'none' }],
    ['a seed that is public', { seed: [{ ...spare, d: undefined }] }],
    ['a seed that signs and expires', { seed: [{ ...spare, exp: start / 1_000 + 60 }] }],
    ['a seed that is a text', { seed: ['secret'] }],
    ['an unknown option', { rotate: '1d' }],
  ])('is refused with %s', async (_, change) => {
    const options = { store: memoryKeyStore(), seal, verifyFor: '20m', now: fakeClock(), ...change };
    await expect(createManagedKeyRing(options as never)).rejects.toThrow(ConfigError);
  });

  it.each<[string, (record: KeyRecord) => unknown]>([
    ['no kid', ({ kid: _, ...record }) => record],
    ['no time', (record) => ({ ...record, activeAt: 'soon' })],
    ['no public key', (record) => ({ ...record, publicKey: null })],
    ['a huge seal', (record) => ({ ...record, sealed: 'x'.repeat(20_000) })],
  ])('refuses a record with %s', async (_, change) => {
    const [store, now] = [memoryKeyStore(), fakeClock()];
    await ringOver(store, now);
    const [record] = (await store.load()).keys as [KeyRecord];
    const broken = { ...store, load: async () => ({ version: 1, keys: [change(record) as KeyRecord] }) };
    await expect(ringOver(broken, now)).rejects.toThrow(
      expect.objectContaining({ code: 'TOKEN_STORE_INVALID' }),
    );
  });
});
