import type {
  AccountStore,
  LockoutPolicy,
  LockoutStore,
  LockoutVerdict,
  MailBudgetStore,
} from '@secapi/accounts';
import type { TrailStore } from '@secapi/audit';
import type { KeyStore, OneTimeStore, RefreshStore, RevocationStore, RotateOutcome } from '@secapi/tokens';
import { pendingOf, start } from '../records/account.js';
import { recordOf as keyOf } from '../records/key.js';
import { start as once, recordOf } from '../records/one-time.js';
import { start as begun, familyOf, turn } from '../records/refresh.js';
import { claims, entryOf } from '../records/revocation.js';
import { all, entriesAfter, zeros } from '../records/trail.js';
import { rejected, type Storm } from './storm-suite.js';

const indices = Array.from({ length: 50 }, (_, index) => index);

/** The answers of the calls that didn't fail, which are the operation's own. */
function answersOf<T>(answers: readonly unknown[]): T[] {
  return answers.filter((answer) => answer !== rejected) as T[]; // `run` of the same storm gave them
}

/** Rotations of one token: nobody is logged out, and there is one successor. */
export const refreshStoreStorms: readonly Storm<RefreshStore>[] = [
  {
    title: 'rotate, with one token',
    prepare: (store) => store.create(familyOf('f', 'ann'), 'd0'),
    run: (store, index) => store.rotate(turn('d0', `n${index}`)),
    async judge(expect, answers, store) {
      const outcomes = answersOf<RotateOutcome>(answers);
      const rotated = answers.findIndex((each) => (each as RotateOutcome).outcome === 'rotated');
      expect(outcomes.filter(({ outcome }) => outcome === 'rotated').length <= 1).toEqual(true);
      expect(outcomes.filter(({ outcome }) => outcome !== 'rotated' && outcome !== 'raced')).toEqual([]);
      const salts = new Set(outcomes.flatMap((each) => ('salt' in each ? [each.salt] : [])));
      expect(salts.size).toEqual(1);
      if (rotated >= 0) expect([...salts]).toEqual([`salt of n${rotated}`]);
      const usable = [];
      for (const index of indices) {
        const { outcome } = await store.rotate(turn(`n${index}`, `m${index}`, { now: begun + 2 }));
        if (outcome !== 'unknown') usable.push([outcome, `salt of n${index}`]);
      }
      expect(usable).toEqual([['rotated', ...salts]]);
    },
  },
];

/** Uses of one token: none or one of the callers gets it, and then it is gone. */
export const oneTimeStoreStorms: readonly Storm<OneTimeStore>[] = [
  {
    title: 'take, of one token',
    prepare: (store) => store.put(recordOf('d')),
    run: (store) => store.take('d', 'reset', once),
    async judge(expect, answers, store) {
      const taken = answersOf(answers).filter((record) => record !== undefined);
      expect(taken).toEqual(taken.length === 0 ? [] : [recordOf('d')]);
      // Where nobody got it, the failed call did.
      expect(taken.length === 1 || answers.includes(rejected)).toEqual(true);
      expect(await store.take('d', 'reset', once)).toEqual(undefined);
    },
  },
];

/** Registrations for one address: there is one account, of whoever was told so. */
export const accountStoreStorms: readonly Storm<AccountStore>[] = [
  {
    title: 'completePending, for one address',
    async prepare(store) {
      for (const index of indices) await store.addPending(pendingOf(index));
    },
    run: (store, index) => store.completePending(`digest-${index}`, start),
    async judge(expect, answers, store) {
      const account = await store.findByEmail('new@mail.example');
      expect(account?.email).toEqual('new@mail.example');
      const told = answersOf<Awaited<ReturnType<AccountStore['completePending']>>>(answers).flatMap((each) =>
        each.outcome === 'verified' ? [each.account] : [],
      );
      expect(told).toEqual(told.length === 0 ? [] : [account]);
      expect(told.length === 1 || answers.includes(rejected)).toEqual(true);
      for (const index of indices) {
        expect(await store.completePending(`digest-${index}`, start)).toEqual({ outcome: 'invalid' });
      }
    },
  },
];

/** Saves at one version: one counts, and is whole. */
export const keyStoreStorms: readonly Storm<KeyStore>[] = [0, 1].map((version) => ({
  title: `save, at version ${version}`,
  async prepare(store) {
    for (let before = 0; before < version; before++) await store.save(before, [keyOf('before')]);
  },
  run: (store, index) => store.save(version, [keyOf(`k${index}`)]),
  async judge(expect, answers, store) {
    const { version: present, keys } = await store.load();
    const winners = indices.filter((index) => answers[index] === true);
    const possible = winners.length > 0 ? winners : indices.filter((index) => answers[index] === rejected);
    expect(possible.length).toEqual(1);
    expect([present, keys]).toEqual([version + 1, [keyOf(`k${possible[0]}`)]]);
  },
}));

const policy: LockoutPolicy = { limit: 5, windowMs: 3_600_000, baseDelayMs: 60_000, maxDelayMs: 240_000 };

/** Attempts of one key: never more than the limit get through. */
export const lockoutStoreStorms: readonly Storm<LockoutStore>[] = [
  {
    title: 'attempt, of one key',
    prepare: async () => {},
    run: (store) => store.attempt('ann', policy, start),
    async judge(expect, answers, store) {
      const verdicts = answersOf<LockoutVerdict>(answers);
      const lost = answers.length - verdicts.length;
      const allowed = verdicts.filter((verdict) => verdict.allowed).length;
      expect(allowed <= policy.limit && allowed >= policy.limit - lost).toEqual(true);
      expect(new Set(verdicts.map(({ failures }) => failures)).size).toEqual(verdicts.length);
      const after = await store.attempt('ann', policy, start);
      expect([after.allowed, after.failures > verdicts.length]).toEqual([false, true]);
    },
  },
];

/** Mails to one address: never more than the budget. */
export const mailBudgetStoreStorms: readonly Storm<MailBudgetStore>[] = [
  {
    title: 'take, of one budget',
    prepare: async () => {},
    run: (store) => store.take('ann', 10, 3_600_000, start),
    async judge(expect, answers, store) {
      const sent = answers.filter((answer) => answer === true).length;
      expect(sent === 10 || (sent === 9 && answers.includes(rejected))).toEqual(true);
      expect(await store.take('ann', 10, 3_600_000, start)).toEqual(false);
    },
  },
];

/** Revocations of many: each that was answered holds. */
export const revocationStoreStorms: readonly Storm<RevocationStore>[] = [
  {
    title: 'revoke, of fifty sessions',
    prepare: async () => {},
    run: (store, index) => store.revoke(entryOf('session', `s${index}`)),
    async judge(expect, answers, store) {
      for (const index of indices) {
        if (answers[index] === rejected) continue;
        expect(await store.isRevoked({ ...claims, sid: `s${index}` })).toEqual(true);
      }
      expect(await store.isRevoked(claims)).toEqual(false);
    },
  },
];

/** Appends at once: one chain of whole ones, in which every answered one stands. */
export const trailStoreStorms: readonly Storm<TrailStore>[] = [
  {
    title: 'append, to one trail',
    prepare: async () => {},
    run: (store, index) => store.append(async (head) => entriesAfter(head, `${index}a`, `${index}b`)),
    async judge(expect, answers, store) {
      const entries = await all(store);
      const ids = entries.map(({ id }) => id);
      expect(entries.map(({ previousHash }) => previousHash)).toEqual([
        zeros,
        ...entries.slice(0, -1).map(({ hash }) => hash),
      ]);
      const there = indices.filter((index) => ids.includes(`${index}a`));
      const must = indices.filter((index) => answers[index] !== rejected);
      expect(must.filter((index) => !there.includes(index))).toEqual([]);
      const firsts = ids.filter((id) => id.endsWith('a'));
      expect(ids).toEqual(firsts.flatMap((id) => [id, id.replace('a', 'b')]));
    },
  },
];
