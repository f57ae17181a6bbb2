import { atOnce } from '../internal.js';
import type { TestRunner } from '../runner.js';
import type { CrashFixture } from './crash-suite.js';
import { createFaults, type FaultMoment, type Faults } from './faults.js';

/** What a call that failed counts as among the answers. */
export const rejected = 'rejected';

/** One operation, done fifty times at once. */
export interface Storm<Store> {
  readonly title: string;
  prepare(store: Store): Promise<unknown>;
  run(store: Store, index: number): unknown;
  /** Whether the answers and what is left behind go together, though one of the calls failed, done or not done. */
  judge(expect: TestRunner['expect'], answers: readonly unknown[], store: Store): Promise<void>;
}

const crowd = 50;
// Early on, where the winner is at work, and in the midst of the others.
const faultsAt: readonly (readonly [at: number, moment: FaultMoment])[] = [
  [1, 'before'],
  [1, 'after'],
  [2, 'after'],
  [5, 'after'],
  [20, 'before'],
  [60, 'after'],
  [120, 'before'],
];

/**
 * Does each operation fifty times at once while one step of one of them fails: of any number of calls one wins, and what the
 * failed one did or didn't do harms no other.
 *
 * @param make gives a new, empty store whose every step goes through the faults: see `faultyDatabase` and `faultyClient`
 */
export function stormSuite<Store>(
  { describe, it, expect }: TestRunner,
  storms: readonly Storm<Store>[],
  make: (faults: Faults) => Promise<CrashFixture<Store>>,
): void {
  describe('when one of fifty fails', () => {
    for (const { title, prepare, run, judge } of storms) {
      it(`${title}: still has one outcome`, async () => {
        for (const [at, moment] of faultsAt) {
          const faults = createFaults();
          const { store, close } = await make(faults);
          try {
            await prepare(store);
            faults.arm(at, moment);
            const answers = await atOnce(crowd, async (index) => {
              try {
                return await run(store, index);
              } catch {
                return rejected;
              }
            });
            const failures = answers.filter((answer) => answer === rejected).length;
            expect([`step ${at}, ${moment}`, failures]).toEqual([
              `step ${at}, ${moment}`,
              faults.disarm() ? 1 : 0,
            ]);
            await judge(expect, answers, store);
          } finally {
            faults.disarm();
            await close();
          }
        }
      });
    }
  });
}
