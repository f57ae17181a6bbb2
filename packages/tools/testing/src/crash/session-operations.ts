import type { OneTimeStore, RefreshStore, RevocationStore } from '@secapi/tokens';
import { start as once, recordOf } from '../records/one-time.js';
import { day, familyOf, start, turn } from '../records/refresh.js';
import { claims, entryOf } from '../records/revocation.js';
import type { Operation } from './crash-suite.js';

/** Two sessions of one subject, one of them rotated, and a session of another subject. */
async function prepareFamilies(store: RefreshStore): Promise<void> {
  for (const id of ['f', 'g']) await store.create(familyOf(id, 'ann'), `${id}0`);
  await store.create(familyOf('h', 'bob'), 'h0');
  await store.rotate(turn('f0', 'f1'));
}

/** The records, and for each token what it would get now. */
async function lookAtFamilies(store: RefreshStore): Promise<unknown> {
  const now = start + 5;
  const lists = [await store.list('ann', now), await store.list('bob', now)];
  const records = [];
  for (const id of ['f', 'g', 'h', 'new']) records.push(await store.find(id));
  const outcomes = [];
  // The unused ones first: a used one of theirs would end the family.
  for (const digest of ['new0', 'f2', 'f1', 'g0', 'h0']) {
    outcomes.push((await store.rotate(turn(digest, `${digest} next`, { now, graceMs: 0 }))).outcome);
  }
  return { lists, records, outcomes };
}

const families = { prepare: prepareFamilies, look: lookAtFamilies };

/** What changes a `RefreshStore`, to be cut off anywhere by `crashSuite`. */
export const refreshStoreOperations: readonly Operation<RefreshStore>[] = [
  { ...families, title: 'create', run: (store) => store.create(familyOf('new', 'ann'), 'new0') },
  {
    ...families,
    title: 'rotate',
    run: (store) => store.rotate(turn('f1', 'f2', { now: start + 2, device: { userAgent: 'new' } })),
  },
  {
    ...families,
    title: 'rotate, with a stolen token',
    run: (store) => store.rotate(turn('f0', 'x', { now: start + day })),
  },
  {
    ...families,
    title: 'rotate, past the end',
    run: (store) => store.rotate(turn('g0', 'x', { now: start + 14 * day })),
  },
  { ...families, title: 'revoke', run: (store) => store.revoke('f', start + 2, 'ann') },
  {
    ...families,
    title: 'revokeAll',
    run: async (store) => (await store.revokeAll('ann', start + 2)).sort(),
  },
];

const tokens = {
  async prepare(store: OneTimeStore) {
    await store.put(recordOf('a', { binding: 'b' }));
    await store.put(recordOf('b'));
    await store.put(recordOf('c', { subject: 'bob' }));
  },
  async look(store: OneTimeStore) {
    const taken = [];
    for (const digest of ['a', 'b', 'c', 'd']) taken.push(await store.take(digest, 'reset', once));
    return taken;
  },
};

/** What changes a `OneTimeStore`. */
export const oneTimeStoreOperations: readonly Operation<OneTimeStore>[] = [
  { ...tokens, title: 'put', run: (store) => store.put(recordOf('d')) },
  { ...tokens, title: 'take', run: (store) => store.take('a', 'reset', once) },
  { ...tokens, title: 'take, past the end', run: (store) => store.take('a', 'reset', once + 1_000) },
  { ...tokens, title: 'drop', run: (store) => store.drop('reset', 'ann') },
];

const revocations = {
  prepare: (store: RevocationStore) => store.revoke(entryOf('subject', 'bob')),
  async look(store: RevocationStore) {
    const others = [
      claims,
      { ...claims, jti: 'token-2' },
      { ...claims, sid: 'session-2' },
      { ...claims, sub: 'bob', sid: 's', iat: claims.iat + 0.1 },
    ];
    const seen = [];
    for (const each of others) seen.push(await store.isRevoked(each));
    return seen;
  },
};

/** What changes a `RevocationStore`; give it a witness, for what counts is what other processes see. */
export const revocationStoreOperations: readonly Operation<RevocationStore>[] = [
  { ...revocations, title: 'revoke a token', run: (store) => store.revoke(entryOf('token', 'token-1')) },
  {
    ...revocations,
    title: 'revoke a session',
    run: (store) => store.revoke(entryOf('session', 'session-1')),
  },
  {
    ...revocations,
    title: 'revoke a subject that was revoked before',
    run: (store) => store.revoke(entryOf('subject', 'bob', { at: claims.iat * 1_000 + 100 })),
  },
];
