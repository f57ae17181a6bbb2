import { setTimeout as pause } from 'node:timers/promises';
import type { Api } from '../support/api.js';
import { address, type Received } from '../support/client.js';

/** What came of the requests of one kind. */
export interface Tally {
  requests: number;
  /** The longest that one took, in milliseconds. */
  longest: number;
  readonly statuses: Map<number, number>;
}

/** Requests that go on until they are stopped. */
export interface Load {
  readonly tally: Tally;
  stop(): Promise<Tally>;
}

/** Sends requests one after the other on each of some connections, spread over the processes, with a pause after each. */
export function startLoad(
  apis: readonly Api[],
  { connections, pauseMs }: { readonly connections: number; readonly pauseMs: number },
  send: (api: Api) => Promise<Received>,
): Load {
  const tally: Tally = { requests: 0, longest: 0, statuses: new Map() };
  let going = true;
  let next = 0;

  async function connection(index: number): Promise<void> {
    await pause((index * pauseMs) / connections); // not all at once
    while (going) {
      const api = apis[next++ % apis.length];
      if (!api) return;
      const since = performance.now();
      const { status } = await send(api);
      tally.longest = Math.max(tally.longest, performance.now() - since);
      tally.requests += 1;
      tally.statuses.set(status, (tally.statuses.get(status) ?? 0) + 1);
      await pause(pauseMs);
    }
  }

  const all = Promise.all(Array.from({ length: connections }, (_, index) => connection(index)));
  all.catch(() => {}); // `stop` tells of it
  return {
    tally,
    async stop() {
      going = false;
      await all;
      return tally;
    },
  };
}

/** Clients that never came before, each with one request that needs no token: all that is asked of Redis is the limit. */
export function strangers(api: Api): Promise<Received> {
  return api.send('GET', '/api/posts', { from: address() });
}

/** One client that never lets up. */
export function sameClient(): (api: Api) => Promise<Received> {
  const from = address();
  return (api) => api.send('GET', '/api/posts', { from });
}

/** How many requests weren't refused by the limit. */
export function admitted({ requests, statuses }: Tally): number {
  return requests - (statuses.get(429) ?? 0);
}
