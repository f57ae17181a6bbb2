import fc from 'fast-check';
import type { TestRunner } from '../runner.js';
import { sessionCommands } from './commands.js';
import { checkSessions } from './ending-commands.js';
import { accessVerdict, at, emptyModel, type Model, subjects } from './reference.js';
import { createSystem, type SessionStores, type System } from './system.js';

/** What the model is run on. */
export interface SessionModelOptions {
  /** What the stores are, for the test's title. */
  readonly name: string;
  /** New, empty stores, which take the time from this clock and from nowhere else. */
  readonly stores: (now: () => number) => Promise<SessionStores>;
  /** How many histories are played. `SECAPI_MODEL_RUNS` in the environment overrides it, for a long run. @default 100 */
  readonly runs?: number;
}

/** A test runner whose `it` takes a time limit, in milliseconds, as Vitest's and Jest's do. */
export interface TimedRunner extends TestRunner {
  readonly it: (title: string, body: () => Promise<void>, timeout?: number) => unknown;
}

const start = 1_800_000_000_123;

/**
 * Plays random histories of logins, refreshes, races, thefts, logouts, resets, rotated keys and clock jumps over real stores, and compares
 * each verdict with a model of some hundred lines. Whatever agrees with the model agrees with every other store that does.
 *
 * When it fails it prints the shortest history that it found, and a seed: `SECAPI_MODEL_SEED` plays the same histories again.
 */
export function describeSessionModel(
  { name, stores, runs = 100 }: SessionModelOptions,
  { describe, it, expect }: TimedRunner,
): void {
  const { SECAPI_MODEL_RUNS, SECAPI_MODEL_SEED } = process.env;
  const numRuns = SECAPI_MODEL_RUNS === undefined ? runs : Number(SECAPI_MODEL_RUNS);
  const seed = SECAPI_MODEL_SEED === undefined ? {} : { seed: Number(SECAPI_MODEL_SEED) };

  async function play(commands: Iterable<fc.AsyncCommand<Model, System>>): Promise<void> {
    const model = emptyModel(start);
    const used = await stores(() => model.now);
    try {
      const real = await createSystem(used, () => model.now);
      await fc.asyncModelRun(() => ({ model, real }), commands);
      for (const subject of subjects) await checkSessions(expect, model, real, subject);
      const verdicts: unknown[] = [];
      for (const token of real.accessTokens) verdicts.push(await real.verify(token));
      expect(verdicts).toEqual(real.accessTokens.map((_, index) => accessVerdict(model, index)));
      for (const [index, session] of real.sessions.entries()) {
        // Nobody gets in with a token of a session that is over, whichever it was.
        if (at(model.sessions, index).revokedAt === undefined) continue;
        for (const token of session.tokens) expect((await real.families.rotate(token)).ok).toEqual(false);
      }
    } finally {
      await used.close();
    }
  }

  describe(`sessions on ${name}`, () => {
    it(
      'get the verdicts of the model, in any history of logins, refreshes, thefts, revocations, rotations and jumps of the clock',
      () =>
        fc.assert(
          fc.asyncProperty(fc.commands(sessionCommands(expect), { maxCommands: 60, size: 'max' }), play),
          {
            numRuns,
            ...seed,
          },
        ),
      60_000 + numRuns * 3_000,
    );
  });
}
