import type { KeyRecord, KeyStore } from './key-store.js';

/** The records of a key ring in memory: for one process; its keys end with it, and so do the tokens that they signed. */
export function memoryKeyStore(): KeyStore {
  let version = 0;
  let records: readonly KeyRecord[] = [];
  // Copies go in and out, or whoever holds one could change what is stored.
  return {
    load: async () => ({ version, keys: structuredClone(records) }),
    async save(expected, keys) {
      if (expected !== version) return false;
      records = structuredClone(keys);
      version++;
      return true;
    },
  };
}
