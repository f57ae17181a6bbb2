import { randomInt } from 'node:crypto';

/**
 * Runs every scenario once per round, in an order that chance decides, and gives the milliseconds of each. What a scenario
 * leaves under way is waited for with `settle`, outside of what is measured.
 */
export async function measure<Name extends string>(
  rounds: number,
  scenarios: Readonly<Record<Name, () => Promise<unknown>>>,
  settle: () => Promise<unknown> = async () => {},
): Promise<Record<Name, number[]>> {
  const names = Object.keys(scenarios) as Name[]; // the keys of the record are its names
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  const warmUp = 3;
  for (let round = 0; round < rounds + warmUp; round++) {
    for (const name of shuffled(names)) {
      const start = performance.now();
      await scenarios[name]();
      await new Promise((done) => setImmediate(done)); // until an answer would be written
      if (round >= warmUp) times[name].push(performance.now() - start);
      await settle();
    }
  }
  return times;
}

function shuffled<T>(list: readonly T[]): T[] {
  const keyed = list.map((item) => ({ item, key: randomInt(2 ** 32) }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}

/**
 * How often a time of `a` is above one of `b`: Mann and Whitney's U as a share. Half where nobody can tell them apart, 0 or
 * 1 where one look is enough. By ranks, so that a pause of the machine weighs no more than any other sample.
 */
export function separation(a: readonly number[], b: readonly number[]): number {
  let above = 0;
  for (const x of a) for (const y of b) above += x > y ? 1 : x === y ? 0.5 : 0;
  return above / (a.length * b.length);
}

/**
 * Whether any two scenarios are further from a half than `bound` in each of three batches: chance and other programs move
 * one of them, a difference in the work moves all.
 */
export async function areToldApart(
  batch: () => Promise<Readonly<Record<string, readonly number[]>>>,
  bound: number,
): Promise<boolean> {
  for (let tries = 0; tries < 3; tries++) {
    const times = Object.values(await batch());
    const pairs = times.flatMap((a, i) => times.slice(i + 1).map((b) => Math.abs(separation(a, b) - 0.5)));
    if (Math.max(...pairs) < bound) return false;
  }
  return true;
}
