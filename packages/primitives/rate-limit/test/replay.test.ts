import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  decideLimit,
  fixedWindow,
  gcra,
  type LimitAlgorithm,
  slidingLog,
  slidingWindow,
  tokenBucket,
} from '../src/index.js';
import { burstyTraffic } from './traffic.js';

const limit = 30;
const windowMs = 60_000;
const traffic = burstyTraffic();

/**
 * Replays the traffic. The reference holds the times of all that was let through: a verdict is exact when it lets a request through just if
 * fewer than `limit` were in the minute before.
 */
function replay(algorithm: LimitAlgorithm<unknown>, burst = limit) {
  const states = new Map<number, unknown>();
  const admitted = new Map<number, number[]>();
  const found = { admitted: 0, tooMany: 0, tooFew: 0, most: 0 };
  for (const { at, client } of traffic) {
    const times = (admitted.get(client) ?? []).filter((time) => time > at - windowMs);
    admitted.set(client, times);
    const room = times.length < limit;
    const before = states.get(client) ?? algorithm.empty(at);
    const { decision, state } = decideLimit(algorithm, before, { limit, windowMs, burst, cost: 1 }, at);
    states.set(client, state);
    if (decision.allowed) {
      times.push(at);
      found.admitted += 1;
      found.most = Math.max(found.most, times.length);
    }
    if (decision.allowed && !room) found.tooMany += 1;
    if (!decision.allowed && room) found.tooFew += 1;
  }
  return found;
}

const cases = [
  { title: 'sliding log', algorithm: slidingLog, most: limit, tooMany: 0, tooFew: 0 },
  {
    title: 'sliding window (default)',
    algorithm: slidingWindow,
    most: 2 * limit - 1,
    tooMany: 0.08,
    tooFew: 0.2,
  },
  { title: 'fixed window', algorithm: fixedWindow, most: 2 * limit, tooMany: 0.15, tooFew: 0.01 },
  { title: 'token bucket', algorithm: tokenBucket, most: 2 * limit, tooMany: 0.25, tooFew: 0 },
  { title: 'GCRA', algorithm: gcra, most: 2 * limit, tooMany: 0.25, tooFew: 0 },
  { title: 'GCRA, burst of 10', algorithm: gcra, burst: 10, most: limit + 10, tooMany: 0.15, tooFew: 0.2 },
].map((one) => ({ ...one, algorithm: one.algorithm as LimitAlgorithm<unknown> }));

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

describe('ten minutes of bursty traffic', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

  it('is the same each time, and asks for more than the limit', () => {
    expect(traffic).toEqual(burstyTraffic());
    expect(traffic.length).toBeGreaterThan(limit * 40 * 10);
  });

  it.each(cases)(
    '$title: errs within its bounds, as the README says',
    ({ title, algorithm, burst, ...bounds }) => {
      const found = replay(algorithm, burst);
      const tooMany = found.tooMany / traffic.length;
      const tooFew = found.tooFew / traffic.length;
      expect(found.most).toBeLessThanOrEqual(bounds.most);
      expect(tooMany).toBeLessThanOrEqual(bounds.tooMany);
      expect(tooFew).toBeLessThanOrEqual(bounds.tooFew);
      const row = `| ${title} | ${found.admitted} | ${percent(tooMany)} | ${percent(tooFew)} | ${found.most} |`;
      expect(readme.replace(/ +/g, ' ')).toContain(row);
    },
  );
});
