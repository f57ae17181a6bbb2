import { createManagedKeyRing, type KeyStore, type ManagedKeyRing, type Seal } from '../src/index.js';

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

export const sealOf = (id: string, byte: number): Seal => ({
  id,
  key: Uint8Array.from({ length: 32 }, (_, at) => (at * 7 + byte) % 256),
});
export const seal = [sealOf('s1', 1)];

type Options = Parameters<typeof createManagedKeyRing>[0];

/** A ring over a store: keys sign for 30 days, are published for an hour before and verify for 20 minutes after. */
export const ringOver = (
  store: KeyStore,
  now: () => number,
  options: Partial<Options> = {},
): Promise<ManagedKeyRing> => createManagedKeyRing({ store, seal, verifyFor: '20m', now, ...options });

/** A store whose next calls fail as they are told. */
export function failing(store: KeyStore): KeyStore & { fail: number } {
  const handle = {
    fail: 0,
    load: () => attempt(() => store.load()),
    save: (version: number, keys: Parameters<KeyStore['save']>[1]) =>
      attempt(() => store.save(version, keys)),
  };
  async function attempt<T>(work: () => Promise<T>): Promise<T> {
    if (handle.fail > 0) {
      handle.fail--;
      throw new Error('the store is down');
    }
    return work();
  }
  return handle;
}
