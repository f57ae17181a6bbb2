import type { TrailStore } from '@secapi/audit';
import type { KeyStore } from '@secapi/tokens';
import { recordOf } from '../records/key.js';
import { all, entriesAfter } from '../records/trail.js';
import type { Operation } from './crash-suite.js';

const keys = { look: (store: KeyStore) => store.load() };

/** What changes a `KeyStore`, to be cut off anywhere by `crashSuite`. */
export const keyStoreOperations: readonly Operation<KeyStore>[] = [
  {
    ...keys,
    title: 'save, the first',
    prepare: async () => {},
    run: (store) => store.save(0, [recordOf('a')]),
  },
  {
    ...keys,
    title: 'save',
    prepare: (store) => store.save(0, [recordOf('a')]),
    run: (store) => store.save(1, [recordOf('a', { retireAt: 1_900_000_000_000 }), recordOf('b')]),
  },
];

/** What changes a `TrailStore`. */
export const trailStoreOperations: readonly Operation<TrailStore>[] = [
  {
    title: 'append',
    prepare: (store) => store.append(async (head) => entriesAfter(head, 'a')),
    run: (store) => store.append(async (head) => entriesAfter(head, 'b', 'c')),
    look: all,
  },
];
