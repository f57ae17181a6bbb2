import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import type { SuiteTools } from '../suite-tools.js';
import { shots } from './grammar.js';
import { type Outcome, shoot } from './shoot.js';
import type { Shot } from './shot.js';

/** Milliseconds of it: a few seconds with every run of the tests, a minute where `SECAPI_SOAK=1` asks for it. */
const budget = process.env.SECAPI_SOAK === '1' ? 60_000 : 4_000;
const atOnce = 24;
/** All that may come of a request that isn't as declared. */
const refusals = new Set<number | string>([400, 404, 413, 415, 422, 431]);

/** Requests made by grammars, against a real server: what the handlers see is always what was declared. */
export function fuzzCases({ check, expect, port, world }: SuiteTools): void {
  check(
    'lets no handler see what its schemas refuse, whatever comes in, and answers everything',
    async () => {
      const crashes = (): number => world().raised.filter(({ event }) => event === 'sys_crash').length;
      const before = crashes();
      const prototype = Reflect.ownKeys(Object.prototype).length;
      const seed = Number(process.env.SECAPI_FUZZ_SEED ?? randomInt(2 ** 31));
      const until = performance.now() + budget;
      const wrong: string[] = [];
      let taken = 0;
      let refused = 0;
      for (let round = 0; performance.now() < until && wrong.length === 0; round++) {
        const volley = fc.sample(shots, { seed: seed + round, numRuns: atOnce });
        const outcomes = await Promise.all(volley.map((shot) => shoot(port(), shot)));
        for (const [i, shot] of volley.entries()) {
          const outcome = outcomes[i] as Outcome; // one for each
          const problem = judge(shot, outcome);
          if (problem !== undefined) wrong.push(`seed ${seed + round}: ${problem}`);
          if (outcome.status === 200) taken++;
          else refused++;
        }
      }
      expect(wrong.slice(0, 5)).toEqual([]);
      // both were really tried
      expect([taken > 20, refused > 20]).toEqual([true, true]);
      expect(Reflect.ownKeys(Object.prototype).length).toEqual(prototype);
      expect(crashes() - before).toEqual(0);
    },
    budget + 15_000,
  );
}

/** What is wrong with an answer, if anything is. */
function judge(shot: Shot, { status, text }: Outcome): string | undefined {
  const said = `${status} to ${JSON.stringify({ ...shot, body: Buffer.from(shot.body).toString('latin1').slice(0, 300) })}`;
  if (status === 200)
    return text.includes('"seen":"lawful"') ? undefined : `the handler saw what is not declared: ${said}`;
  if (shot.honest) return `an honest request was refused: ${said} ${text.slice(-300)}`;
  return refusals.has(status) ? undefined : said;
}
