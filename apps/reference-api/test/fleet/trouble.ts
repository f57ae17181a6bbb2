import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { remaining } from '../support/claims.js';
import { address } from '../support/client.js';
import { login, newUser, type User } from '../support/journey.js';
import { until } from '../support/wait.js';
import type { Fleet } from './fleet.js';
import { admitted, type Load, sameClient, startLoad, strangers, type Tally } from './load.js';

/** Whether the long form runs: more load, longer failures, several rounds, and the figures as a table. */
export const soak = process.env.SECAPI_SOAK === '1';

/** The deadline of the stores and of the limiter in the API. */
const deadline = 1_000;
/** What a machine that is busy with other things adds to any time. */
const slack = soak ? 1_000 : 700;
/** A request waits for the limit; one that is signed in waits for the revocations too. */
const longestWait = { stranger: deadline + slack, signedIn: 2 * deadline + slack };
/** Within a second of its return, Redis decides again; the rest is for four processes and a load on cores that are busy with other tests. */
const longestRecovery = 1_000 + 500;
/** How many requests of one client each process lets through by itself in an outage: its part of the limit. */
const ownShare = ({ limit, apis }: Fleet): number => Math.ceil(limit / apis.length);

const load = { connections: 40, pauseMs: soak ? 60 : 150 };

/** What happens to Redis. */
export interface Trouble {
  readonly name: string;
  begin(): Promise<unknown>;
  /** Resolves once Redis is there again. */
  end(): Promise<unknown>;
  /** How long it lasts, in milliseconds. @default 1500, and 5000 in the long form */
  readonly lasts?: number;
  /** Whether what was counted is gone afterwards. */
  readonly forgets?: boolean;
  /** Whether it is over before any process has to stop asking Redis. */
  readonly short?: boolean;
}

/** What a failure cost. */
export interface Cost {
  readonly failure: string;
  readonly requests: number;
  readonly longest: number;
  readonly longestSignedIn: number;
  readonly unavailable: number;
  readonly recovery: number;
  readonly overshoot: number;
  readonly bound: number;
}

/** Makes trouble under load, and expects that nobody waits, nothing fails and everything is as before soon after. */
export async function endure(fleet: Fleet, trouble: Trouble): Promise<Cost> {
  const { apis, limit } = fleet;
  const { lasts = soak ? 5_000 : 1_500, forgets = false, short = false } = trouble;
  const user = await newUser(first(fleet));
  const steady = startLoad(apis, load, strangers);
  const greedy = startLoad(apis, { connections: 8, pauseMs: soak ? 10 : 30 }, sameClient());
  const signedIn = startLoad(apis, { connections: 4, pauseMs: 50 }, (api) => me(api, user));
  const loads = [steady, greedy, signedIn];
  try {
    await until('a steady load', () => steady.tally.requests > 100 && greedy.tally.requests > 2 * limit);
    expect(admitted(greedy.tally), 'before the failure').toBe(limit);
    expect([...signedIn.tally.statuses.keys()], 'before the failure').toEqual([200]);

    const since = Date.now();
    await trouble.begin();
    await pause(lasts / 2);
    const guess = short ? undefined : await login(first(fleet), { ...user, password: 'no password of hers' });
    await pause(lasts / 2);
    await trouble.end();
    const back = Date.now();
    const together = await countedTogether(fleet);
    await closed(fleet, since);
    const ends = fleet.transitions(since).flatMap((all) => all.at(-1)?.at ?? []);
    const recovery = Math.max(0, (ends.length > 0 ? Math.max(...ends) : together) - back);
    const healthy = startLoad(apis, { connections: 4, pauseMs: 5 }, (api) => me(api, user));
    await until('signed-in requests', () => healthy.tally.requests >= 20);
    const after = await healthy.stop();
    expect([...after.statuses.keys()], 'after the failure').toEqual([200]);

    const [all, one, hers] = await Promise.all(loads.map((each) => each.stop()));
    if (!all || !one || !hers) throw new Error('no load');
    const bound = apis.length * ownShare(fleet) + (forgets ? limit : 0);
    const overshoot = admitted(one) - limit;

    expect(all.longest).toBeLessThan(longestWait.stranger);
    expect(hers.longest).toBeLessThan(longestWait.signedIn);
    expectStatuses(all, [401]);
    expectStatuses(one, [401, 429]);
    expectStatuses(hers, [200, 503]);
    if (guess) expect([guess.status, guess.json().code]).toEqual([503, 'UNAVAILABLE']);
    expect(overshoot).toBeGreaterThanOrEqual(0);
    expect(overshoot).toBeLessThanOrEqual(bound);
    const told = fleet.transitions(since).map((all) => all.map(({ code, at }) => `${code} ${at - back}`));
    expect(recovery, JSON.stringify(told)).toBeLessThan(longestRecovery);
    if (!short) {
      for (const transitions of fleet.transitions(since)) {
        const codes = transitions.map(({ code }) => code);
        expect(codes[0]).toBe('REDIS_CIRCUIT_OPENED');
        expect(codes.slice(-2)).toEqual(['REDIS_CIRCUIT_PROBING', 'REDIS_CIRCUIT_CLOSED']);
      }
    }
    return {
      failure: trouble.name,
      requests: all.requests + one.requests + hers.requests,
      longest: Math.max(all.longest, one.longest),
      longestSignedIn: hers.longest,
      unavailable: hers.statuses.get(503) ?? 0,
      recovery,
      overshoot,
      bound,
    };
  } finally {
    await Promise.allSettled(loads.map((each: Load) => each.stop()));
  }
}

/** Waits until every process asks Redis again that had stopped to. */
function closed(fleet: Fleet, since: number): Promise<true> {
  return until('every circuit to close', () =>
    fleet
      .transitions(since)
      .every((all) => (all.at(-1)?.code ?? 'REDIS_CIRCUIT_CLOSED') === 'REDIS_CIRCUIT_CLOSED'),
  );
}

/** Waits until a new client is counted over all processes together, and gives the time from which it was. */
function countedTogether({ apis, limit }: Fleet): Promise<number> {
  return until('all processes to count together', async () => {
    const started = Date.now();
    const from = address();
    for (const [index, api] of [...apis, ...apis].entries())
      if (remaining(await api.send('GET', '/api/posts', { from })) !== limit - 1 - index) return undefined;
    return started;
  });
}

function first({ apis }: Fleet): Fleet['apis'][number] {
  const [api] = apis;
  if (!api) throw new Error('the fleet is empty');
  return api;
}

function me(api: Fleet['apis'][number], { accessToken }: User) {
  return api.send('GET', '/api/me', { token: accessToken, from: address() });
}

function expectStatuses({ statuses }: Tally, allowed: readonly number[]): void {
  expect(allowed).toEqual(expect.arrayContaining([...statuses.keys()]));
}

/** Prints what the failures cost, for an operator. */
export function printCosts(title: string, costs: readonly Cost[]): void {
  if (!soak || costs.length === 0) return;
  const head = ['failure', 'requests', 'longest wait', 'signed in', '503', 'recovery', 'too many', 'at most'];
  const rows = costs.map((cost) => [
    cost.failure,
    String(cost.requests),
    `${Math.round(cost.longest)} ms`,
    `${Math.round(cost.longestSignedIn)} ms`,
    String(cost.unavailable),
    `${Math.round(cost.recovery)} ms`,
    String(cost.overshoot),
    String(cost.bound),
  ]);
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ');
  process.stdout.write(`\n${title}\n${[head, ...rows].map(line).join('\n')}\n`);
}
