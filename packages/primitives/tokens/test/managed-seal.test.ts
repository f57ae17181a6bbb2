import { ConfigError } from '@secapi/kernel';
import { decodeProtectedHeader } from 'jose';
import { describe, expect, it } from 'vitest';
import { generateKey, type JWK, type KeyRecord, type KeyStore, memoryKeyStore } from '../src/index.js';
import { hour, ringOver, seal, sealOf } from './managed-support.js';
import { fakeClock } from './support.js';

const [s1, s2] = [sealOf('s1', 1), sealOf('s2', 99)];

async function stored(options = {}) {
  const [store, now] = [memoryKeyStore(), fakeClock()];
  const ring = await ringOver(store, now, options);
  return { store, now, ring, records: async () => (await store.load()).keys as KeyRecord[] };
}

const over = (records: readonly KeyRecord[]): KeyStore => ({
  load: async () => ({ version: 7, keys: records }),
  save: async () => false,
});

describe('a private key at rest', () => {
  it.each(['EdDSA', 'ES256', 'PS256', 'HS256'] as const)(
    'is in no record in clear (%s)',
    async (algorithm) => {
      const jwk = await generateKey(algorithm);
      const { store } = await stored({ seed: [jwk] });
      const dump = JSON.stringify(await store.load());
      for (const name of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'] as const) {
        const secret = jwk[name];
        if (secret === undefined) continue;
        expect(dump).not.toContain(secret);
        expect(dump).not.toContain(Buffer.from(secret).toString('base64url').slice(2, 40));
      }
      expect(dump).not.toContain(Buffer.from(seal[0]?.key ?? '').toString('base64url'));
    },
  );

  it('is a compact JWE that names its seal and is bound to its record', async () => {
    const { records } = await stored();
    const [record] = (await records()) as [KeyRecord];
    expect(decodeProtectedHeader(record.sealed)).toMatchObject({ alg: 'dir', enc: 'A256GCM', kid: 's1' });
    expect(decodeProtectedHeader(record.sealed).for).toContain(record.kid);
  });

  it('opens with the seal that it was sealed with, and the error of any other says what to do', async () => {
    const { store, now } = await stored();
    await expect(ringOver(store, now, { seal: [s2] })).rejects.toThrow(
      /has no seal "s1".*add that seal behind the current one/,
    );
    const wrong = ringOver(store, now, { seal: [{ ...s2, id: 's1' }] });
    await expect(wrong).rejects.toThrow(/does not open the key/);
    await expect(wrong).rejects.toThrow(ConfigError);
    expect(await ringOver(store, now, { seal: [s2, s1] })).toBeTruthy();
  });

  it('is sealed anew with the new seal when something is saved, and the old seal can go', async () => {
    const { store, now, ring, records } = await stored();
    const old = ring.signing().kid;
    const both = await ringOver(store, now, { seal: [s2, s1] });
    await both.rotate();
    const seals = (await records()).map(({ sealed }) => decodeProtectedHeader(sealed).kid);
    expect(seals).toEqual(['s2', 's2']);
    const after = await ringOver(store, now, { seal: [s2] });
    expect([after.signing().kid, after.keys().length]).toEqual([old, 2]);
    // Nothing but the seals changes where a key is published already.
    const back = await ringOver(store, now, { seal: [s1, s2] });
    await back.rotate();
    expect((await records()).map(({ sealed }) => decodeProtectedHeader(sealed).kid)).toEqual(['s1', 's1']);
    expect(back.keys().map(({ kid }) => kid)).toEqual(after.keys().map(({ kid }) => kid));
  });

  it('that a process has no seal for is told by its refresh, and the keys that it knows go on', async () => {
    const { store, now, ring } = await stored();
    const { kid } = ring.signing();
    const ahead = await ringOver(store, now, { seal: [s2, s1] });
    const next = await ahead.rotate();
    await expect(ring.refresh()).rejects.toThrow(/has no seal "s2"/);
    expect([ring.signing().kid, ring.verifying(kid)?.alg, ring.keys().length]).toEqual([kid, 'EdDSA', 2]);
    await expect(ring.rotate()).rejects.toThrow(/has no seal "s2"/);
    now.advance(hour);
    expect(() => ring.signing()).toThrow(expect.objectContaining({ code: 'SIGNING_KEY_MISSING' }));
    expect(ring.verifying(next.kid)).toBeUndefined();
    expect(ring.verifying(kid)?.alg).toBe('EdDSA');
  });

  it("can't be brought in by somebody who can write to the store alone", async () => {
    const { now, ring, records } = await stored();
    await ring.rotate();
    const [a, b] = (await records()) as [KeyRecord, KeyRecord];
    const thief = await generateKey();
    const mine = await stored({ seal: [{ ...s2, id: 's1' }], seed: [thief] });
    const [foreign] = (await mine.records()) as [KeyRecord];
    const { d: _, ...publicKey } = thief as JWK;
    const forged: [string, KeyRecord[]][] = [
      ["a key under the thief's own seal", [{ ...foreign, retireAt: now() + hour }, b]],
      ['a public key beside an honest seal', [{ ...a, publicKey }, b]],
      ["another key's seal", [{ ...a, sealed: b.sealed }, b]],
      ['another id', [{ ...a, kid: 'other' }, b]],
      ['another algorithm', [{ ...a, alg: 'ES256' }, b]],
      ['another time', [{ ...a, activeAt: a.activeAt + 1 }, b]],
      ['no seal', [{ ...a, sealed: '' }, b]],
      [
        'a seal with one bit changed',
        [{ ...a, sealed: a.sealed.replace(/.$/, (c) => (c === 'A' ? 'Q' : 'A')) }, b],
      ],
    ];
    expect((await ringOver(over([a, b]), now)).keys()).toHaveLength(2);
    for (const [what, list] of forged) {
      await expect(ringOver(over(list), now), what).rejects.toThrow(/seal|records that no key ring/);
    }
    const running = await ringOver(over([a, b]), now);
    expect(running.verifying(String(thief.kid))).toBeUndefined();
  });
});
