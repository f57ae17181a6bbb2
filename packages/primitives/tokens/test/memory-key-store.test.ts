import { describe, expect, it } from 'vitest';
import { type KeyRecord, memoryKeyStore } from '../src/index.js';
import { start } from './support.js';

const record = (kid: string): KeyRecord => ({
  kid,
  alg: 'EdDSA',
  publicKey: { kty: 'OKP', crv: 'Ed25519', x: 'x' },
  sealed: 'a.b.c.d.e',
  createdAt: start,
  activeAt: start,
});

describe('the key store in memory', () => {
  it('is at version 0 without keys when nothing was ever saved', async () => {
    expect(await memoryKeyStore().load()).toEqual({ version: 0, keys: [] });
  });

  it('saves over the version that was loaded, and counts on', async () => {
    const store = memoryKeyStore();
    expect(await store.save(0, [record('a')])).toBe(true);
    expect(await store.load()).toEqual({ version: 1, keys: [record('a')] });
    expect(await store.save(1, [record('b')])).toBe(true);
    expect(await store.load()).toEqual({ version: 2, keys: [record('b')] });
  });

  it.each([0, 2, -1, Number.NaN])(
    'saves nothing over version %d when 1 is the present one',
    async (version) => {
      const store = memoryKeyStore();
      await store.save(0, [record('a')]);
      expect(await store.save(version, [record('b')])).toBe(false);
      expect(await store.load()).toEqual({ version: 1, keys: [record('a')] });
    },
  );

  it('lets one of 50 parallel savers win', async () => {
    const store = memoryKeyStore();
    const saved = await Promise.all(Array.from({ length: 50 }, (_, i) => store.save(0, [record(`k${i}`)])));
    expect(saved.filter(Boolean)).toHaveLength(1);
    const { version, keys } = await store.load();
    expect([version, keys.map(({ kid }) => kid)]).toEqual([1, [`k${saved.indexOf(true)}`]]);
  });

  it('is changed by nobody who holds a list that went in or came out', async () => {
    const store = memoryKeyStore();
    const list = [record('a')];
    await store.save(0, list);
    list.push(record('b'));
    (list[0]?.publicKey as { x: string }).x = 'changed';
    const { keys } = await store.load();
    (keys as KeyRecord[]).pop();
    expect((await store.load()).keys).toEqual([record('a')]);
  });
});
