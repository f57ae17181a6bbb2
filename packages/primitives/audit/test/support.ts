import {
  createTrail,
  memoryTrailStore,
  type SecurityEvent,
  type Trail,
  type TrailEntry,
  type TrailStore,
  type TrailVerdict,
} from '../src/index.js';

/** The moment at which tests take place. */
export const noon: number = Date.UTC(2026, 0, 31, 12);
/** Somebody's login, to append. */
export const login = (actor: string): SecurityEvent => ({
  event: 'authn_login_success',
  outcome: 'success',
  actor,
});

/** All entries of a store, from the first on. */
export async function allOf(store: TrailStore): Promise<TrailEntry[]> {
  const entries: TrailEntry[] = [];
  await store.each((entry) => entries.push(entry));
  return entries;
}

/** A store that holds just these entries: what somebody with access to the database has left of a trail. */
const tampered = (entries: readonly TrailEntry[]): TrailStore => ({
  append: () => Promise.reject(new Error('read only')),
  list: async () => ({ items: [] }),
  each: async (visit) => {
    for (const entry of entries) visit(entry);
  },
});

/** A trail of so many entries, with its store. */
export async function filled(
  count: number,
): Promise<{ store: TrailStore; trail: Trail; entries: TrailEntry[] }> {
  const store = memoryTrailStore();
  const trail = createTrail({ store, now: () => noon });
  for (let i = 0; i < count; i++) {
    await trail.append([{ ...login(`user-${i}`), details: { n: i, role: 'user' } }]);
  }
  return { store, trail, entries: await allOf(store) };
}

/** What verification says of just these entries. */
export const verifyOf = (entries: readonly TrailEntry[], knownHead?: string): Promise<TrailVerdict> =>
  createTrail({ store: tampered(entries) }).verify(knownHead === undefined ? {} : { knownHead });
