/**
 * What an injected failure looks like from inside.
 *
 * - `before`: the step isn't done, and later ones work again (a refused statement, a timeout in a queue)
 * - `after`: the step is done, and its answer is lost
 * - `outage`: neither this step nor any later one is done, as when the server is gone
 */
export type FaultMoment = 'before' | 'after' | 'outage';

/** The error that stands for a lost connection. */
export class InjectedFault extends Error {
  constructor() {
    super('a failure was injected here');
    this.name = 'InjectedFault';
  }
}

/** Counts the steps of whatever is wired to it, and lets one of them fail. */
export interface Faults {
  /** Lets the `at`-th step from now on fail; the first is 1. */
  arm(at: number, moment: FaultMoment): void;
  /** Lets everything work again; whether the step was reached. */
  disarm(): boolean;
  /** One step. Wire it around everything that can fail on its own: a statement, a command, a commit. */
  step<T>(run: () => Promise<T>): Promise<T>;
}

/** Makes faults that are not armed. */
export function createFaults(): Faults {
  let left = 0; // steps until the one that fails; 0: not armed
  let moment: FaultMoment = 'before';
  let hit = false;

  async function fail<T>(run: () => Promise<T>): Promise<T> {
    hit = true;
    if (moment === 'after') await run();
    throw new InjectedFault();
  }

  return {
    arm(at, how) {
      if (!Number.isSafeInteger(at) || at < 1) throw new RangeError('steps are counted from 1');
      [left, moment, hit] = [at, how, false];
    },
    disarm() {
      left = 0;
      return hit;
    },
    async step(run) {
      if (left === 0) return run();
      if (hit) return moment === 'outage' ? fail(run) : run();
      left -= 1;
      if (left > 0) return run();
      left = 1; // armed until it is disarmed
      return fail(run);
    },
  };
}
