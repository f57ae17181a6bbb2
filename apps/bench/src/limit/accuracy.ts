import {
  decideLimit,
  fixedWindow,
  gcra,
  type LimitAlgorithm,
  slidingLog,
  slidingWindow,
  tokenBucket,
} from '@secapi/rate-limit';
import type { Table } from '../table.js';
import { burstyTraffic } from './traffic.js';

/** How often an algorithm erred, as shares of all requests. */
export interface Accuracy {
  readonly name: string;
  /** Let through, though the limit was used up in the minute before. */
  readonly tooMany: number;
  /** Refused, though there was room. */
  readonly tooFew: number;
  /** The most that one minute held. */
  readonly most: number;
}

const limit = 30;
const windowMs = 60_000;

/** Replays the traffic for each algorithm, against the times of all that it let through. */
export function accuracy(): Accuracy[] {
  const traffic = burstyTraffic();
  return [
    replay('sliding log', slidingLog),
    replay('sliding window (default)', slidingWindow),
    replay('fixed window, as the peers', fixedWindow),
    replay('token bucket', tokenBucket),
    replay('GCRA', gcra),
    replay('GCRA, burst of 10', gcra, 10),
  ];

  function replay<State>(name: string, algorithm: LimitAlgorithm<State>, burst = limit): Accuracy {
    const states = new Map<number, State>();
    const admitted = new Map<number, number[]>();
    let tooMany = 0;
    let tooFew = 0;
    let most = 0;
    for (const { at, client } of traffic) {
      const times = (admitted.get(client) ?? []).filter((time) => time > at - windowMs);
      admitted.set(client, times);
      const room = times.length < limit;
      const before = states.get(client) ?? algorithm.empty(at);
      const { decision, state } = decideLimit(algorithm, before, { limit, windowMs, burst, cost: 1 }, at);
      states.set(client, state);
      if (decision.allowed) times.push(at);
      if (decision.allowed && !room) tooMany += 1;
      if (!decision.allowed && room) tooFew += 1;
      most = Math.max(most, times.length);
    }
    return { name, tooMany: tooMany / traffic.length, tooFew: tooFew / traffic.length, most };
  }
}

export function accuracyTable(found: readonly Accuracy[]): Table {
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
  return {
    title: 'How exact an algorithm is',
    note: `Ten minutes of bursty traffic of 40 clients against a limit of ${limit} a minute, replayed against the exact times of what was let through.`,
    head: ['algorithm', 'let through too many', 'refused too many', 'most in a minute'],
    rows: found.map(({ name, tooMany, tooFew, most }) => [
      name,
      percent(tooMany),
      percent(tooFew),
      String(most),
    ]),
  };
}
