import type { Fixture, TestRunner } from '../runner.js';
import { createFaults, type FaultMoment, type Faults } from './faults.js';

/** One operation of a store that may be cut off anywhere. Each time it must do the same: no randomness, no clock. */
export interface Operation<Store> {
  readonly title: string;
  /** What is there before. */
  prepare(store: Store): Promise<unknown>;
  run(store: Store): unknown;
  /** All that can be seen of what the operation changes. It may use things up: nothing comes after it. */
  look(store: Store): Promise<unknown>;
}

/** A new, empty store, wired to the faults it was made with. */
export interface CrashFixture<Store> extends Fixture<Store> {
  /** The same state as another process sees it. @default store */
  readonly witness?: Store;
}

const moments: readonly FaultMoment[] = ['before', 'after', 'outage'];
const mostSteps = 100;

/**
 * Lets each operation fail at each of its steps, before it, after it, and from it on, and holds the store to what atomic means: afterwards
 * the state is the old or the new one, and whoever tries again gets what the state says, as if nothing had failed.
 *
 * @param make gives a new, empty store whose every step goes through the faults: see `faultyDatabase` and `faultyClient`
 */
export function crashSuite<Store>(
  { describe, it, expect }: TestRunner,
  operations: readonly Operation<Store>[],
  make: (faults: Faults) => Promise<CrashFixture<Store>>,
): void {
  describe('when anything fails in between', () => {
    for (const operation of operations) {
      it(`${operation.title}: is done or not done, and can be tried again`, async () => {
        const old = await play(operation, make, []);
        const fresh = await play(operation, make, ['try']);
        const twice = await play(operation, make, ['try', 'try']);
        // What may be seen after a failure, and what trying again then answers and leaves behind.
        const outcomes = [
          [old.state, fresh.answers[0], fresh.state],
          [fresh.state, twice.answers[1], twice.state],
        ];
        for (const moment of moments) {
          for (let at = 1; ; at++) {
            const failed = await play(operation, make, [{ at, moment }]);
            if (!failed.wasHit) break;
            if (at > mostSteps) throw new Error(`${operation.title}: more than ${mostSteps} steps`);
            const again = await play(operation, make, [{ at, moment }, 'try']);
            const seen = [failed.state, again.answers[1], again.state];
            const where = `step ${at}, ${moment}`;
            expect([where, failed.answers[0], pick(outcomes, seen)]).toEqual([where, 'rejected', seen]);
            if (at === 1 && moment !== 'after') expect([where, seen]).toEqual([where, outcomes[0]]);
          }
        }
      });
    }
  });
}

type Attempt = 'try' | { readonly at: number; readonly moment: FaultMoment };

interface Played {
  readonly answers: readonly unknown[];
  readonly state: unknown;
  readonly wasHit: boolean;
}

/** Plays one operation on a new store, and looks at what came of it. */
async function play<Store>(
  { prepare, run, look }: Operation<Store>,
  make: (faults: Faults) => Promise<CrashFixture<Store>>,
  attempts: readonly Attempt[],
): Promise<Played> {
  const faults = createFaults();
  const { store, witness = store, close } = await make(faults);
  try {
    await prepare(store);
    const answers: unknown[] = [];
    let wasHit = false;
    for (const attempt of attempts) {
      if (attempt !== 'try') faults.arm(attempt.at, attempt.moment);
      answers.push(await answerOf(async () => run(store)));
      wasHit = faults.disarm() || wasHit;
    }
    return { answers, state: await look(witness), wasHit };
  } finally {
    faults.disarm();
    await close();
  }
}

async function answerOf(run: () => Promise<unknown>): Promise<unknown> {
  try {
    return await run();
  } catch {
    return 'rejected';
  }
}

/** The outcome that was seen, or all that could have been. */
function pick(outcomes: readonly unknown[], seen: unknown): unknown {
  return outcomes.find((outcome) => JSON.stringify(outcome) === JSON.stringify(seen)) ?? outcomes;
}
