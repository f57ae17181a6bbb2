import type { AccountStore, LockoutPolicy, LockoutStore, MailBudgetStore } from '@secapi/accounts';
import { accountOf, idOf, pendingOf, start } from '../records/account.js';
import type { Operation } from './crash-suite.js';

const accounts = {
  async prepare(store: AccountStore) {
    await store.create(accountOf(1));
    for (const n of [2, 3]) await store.addPending(pendingOf(n));
  },
  async look(store: AccountStore) {
    const found = [];
    for (const id of [1, 2, 3, 4, 5]) found.push(await store.findById(idOf(id)));
    found.push(await store.findByEmail('new@mail.example'));
    // What still waits, apart from those whose address is taken.
    for (const n of [4, 3, 2]) found.push((await store.completePending(`digest-${n}`, start)).outcome);
    return found;
  },
};

/** What changes an `AccountStore`, to be cut off anywhere by `crashSuite`. */
export const accountStoreOperations: readonly Operation<AccountStore>[] = [
  {
    ...accounts,
    title: 'create, where others wait',
    run: (store) => store.create(accountOf(5, { email: 'new@mail.example' })),
  },
  { ...accounts, title: 'create', run: (store) => store.create(accountOf(4)) },
  {
    ...accounts,
    title: 'completePending',
    run: (store) => store.completePending('digest-2', start),
  },
  {
    ...accounts,
    title: 'completePending, where the address is taken',
    async prepare(store) {
      await accounts.prepare(store);
      await store.create(accountOf(5, { email: 'new@mail.example' }));
      await store.addPending(pendingOf(4));
    },
    run: (store) => store.completePending('digest-4', start),
  },
  {
    ...accounts,
    title: 'addPending',
    run: (store) => store.addPending(pendingOf(4, { email: 'other@mail.example' })),
  },
  {
    ...accounts,
    title: 'setPasswordHash',
    run: (store) => store.setPasswordHash(idOf(1), 'new', start, 'hash-1'),
  },
];

const policy: LockoutPolicy = { limit: 3, windowMs: 3_600_000, baseDelayMs: 60_000, maxDelayMs: 240_000 };

function lockouts(failures: number): Pick<Operation<LockoutStore>, 'prepare' | 'look'> {
  return {
    async prepare(store) {
      for (let i = 0; i < failures; i++) await store.attempt('ann', policy, start);
      await store.attempt('bob', policy, start);
    },
    async look(store) {
      const seen = [];
      for (const key of ['ann', 'bob']) {
        const { allowed, failures: count, lockedUntil } = await store.attempt(key, policy, start);
        seen.push([allowed, count, lockedUntil !== undefined]); // not when: a store may go by a clock of its own
      }
      return seen;
    },
  };
}

async function judged(store: LockoutStore, correct: boolean): Promise<unknown> {
  const { allowed, failures } = await store.attempt('ann', policy, start, correct);
  return [allowed, failures];
}

/** What changes a `LockoutStore`. */
export const lockoutStoreOperations: readonly Operation<LockoutStore>[] = [
  { ...lockouts(0), title: 'attempt, the first', run: (store) => judged(store, false) },
  { ...lockouts(2), title: 'attempt, the one that locks', run: (store) => judged(store, false) },
  { ...lockouts(3), title: 'attempt, while locked', run: (store) => judged(store, true) },
  { ...lockouts(2), title: 'succeed', run: (store) => store.succeed('ann', start) },
  { ...lockouts(3), title: 'clear', run: (store) => store.clear('ann') },
];

/** What changes a `MailBudgetStore`. */
export const mailBudgetStoreOperations: readonly Operation<MailBudgetStore>[] = [1, 2].map((taken) => ({
  title: `take, after ${taken}`,
  async prepare(store) {
    for (let i = 0; i < taken; i++) await store.take('ann', 3, 3_600_000, start);
  },
  run: (store) => store.take('ann', 3, 3_600_000, start),
  async look(store) {
    const left = [];
    for (let i = 0; i < 3; i++) left.push(await store.take('ann', 3, 3_600_000, start));
    return left;
  },
}));
