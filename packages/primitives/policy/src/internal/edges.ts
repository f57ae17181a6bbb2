import type { FactLoader } from '../facts.js';

/** The most ids that one search may meet: who is related to more is not told from an attack, and denied. */
const most = 10_000;

/** The steps of relations that one request has loaded. */
export interface Edges {
  /** All that is reached from an id in 1 to `depth` steps; or why that can't be known. Never rejects. */
  reach(relation: string, from: string, depth: number): Promise<ReadonlySet<string> | Error>;
}

interface Batch {
  readonly ids: string[];
  readonly loaded: Promise<ReadonlyMap<string, readonly string[]>>;
}

/** Loads steps: each id once, and all that are wanted in one turn with one call. */
export function createEdges(loaders: Readonly<Record<string, FactLoader>>): Edges {
  const known = new Map<string, Map<string, Promise<readonly string[]>>>();
  const open = new Map<string, Batch>();

  function next(relation: string, id: string): Promise<readonly string[]> {
    const steps = known.get(relation) ?? new Map<string, Promise<readonly string[]>>();
    known.set(relation, steps);
    const before = steps.get(id);
    if (before) return before;
    const batch = open.get(relation) ?? begin(relation);
    open.set(relation, batch);
    batch.ids.push(id);
    const step = batch.loaded.then((found) => textsOf(found, id));
    steps.set(id, step);
    return step;
  }

  function begin(relation: string): Batch {
    const ids: string[] = [];
    const loaded = turnEnded().then(() => {
      open.delete(relation);
      const load = loaders[relation];
      if (!load) throw new TypeError(`no loader for ${relation}`); // checked when the policy was given its facts
      return load(Object.freeze(ids));
    });
    return { ids, loaded };
  }

  async function reach(relation: string, from: string, depth: number): Promise<ReadonlySet<string> | Error> {
    const reached = new Set<string>();
    let frontier: readonly string[] = [from];
    try {
      for (let step = 0; step < depth && frontier.length > 0; step++) {
        const lists = await Promise.all(frontier.map((id) => next(relation, id)));
        const fresh = new Set<string>();
        for (const list of lists) for (const id of list) if (!reached.has(id)) fresh.add(id);
        for (const id of fresh) reached.add(id);
        if (reached.size > most) return new RangeError(`${relation} leads to more than ${most} ids`);
        frontier = [...fresh];
      }
    } catch (error) {
      return error instanceof Error ? error : new TypeError(`the loader of ${relation} rejected`);
    }
    return reached;
  }

  return { reach };
}

/** A few microtasks later: who goes the same way a step behind still comes along. */
async function turnEnded(): Promise<void> {
  for (let i = 0; i < 8; i++) await undefined;
}

function textsOf(found: unknown, id: string): readonly string[] {
  if (!(found instanceof Map)) throw new TypeError('a loader of facts did not give a Map');
  const list: unknown = found.get(id);
  if (list === undefined) return [];
  if (!Array.isArray(list)) throw new TypeError('a loader of facts gave no list of ids');
  return list.filter((each) => typeof each === 'string' && each !== '');
}
