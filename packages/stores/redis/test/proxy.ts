import { createServer, type Socket, connect as toServer } from 'node:net';
import { afterAll, beforeAll } from 'vitest';

/*
 * A connection that breaks at a chosen moment: killing the server can't tell "the script never arrived" from "its answer was lost".
 */

/**
 * When the next request breaks:
 * - `before`: it reaches nobody, and the connection is closed
 * - `midway`: half of it reaches the server, and the connection is closed
 * - `after`: it is executed; instead of the answer the connection is closed
 * - `unheard`: it reaches nobody, and nothing happens
 * - `unanswered`: it is executed, and nothing comes back
 */
export type Cut = 'before' | 'midway' | 'after' | 'unheard' | 'unanswered';

export const cuts: readonly Cut[] = ['before', 'midway', 'after', 'unheard', 'unanswered'];

/** Whether a request that broke so was executed. */
export function wasExecuted(cut: Cut): boolean {
  return cut === 'after' || cut === 'unanswered';
}

/** A way to a server that can be cut. */
export interface Proxy {
  readonly url: string;
  /** Breaks the next request that a client sends. */
  cutNext(cut: Cut): void;
  /** From now on each answer takes so many milliseconds longer. */
  slow(milliseconds: number): void;
  /** How many pieces of requests went through: calls, where each waits for its answer. */
  readonly requests: number;
  /** Resolves once the request that was to break did: when it was executed, or can't be any more. */
  broken(): Promise<void>;
}

/** A proxy in front of the server with this port, for the tests of a block. */
export function useProxy(port: () => number): Proxy {
  const sockets = new Set<Socket>();
  let armed: Cut | undefined;
  let delay = 0;
  let requests = 0;
  let happened = (): void => {};
  let broken = Promise.resolve();
  const server = createServer((client) => {
    const upstream = toServer(port(), '127.0.0.1');
    let cut: Cut | undefined;
    const close = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', close).on('close', () => sockets.delete(socket));
    }
    client.on('close', close);
    upstream.on('close', close);
    client.on('data', (data) => {
      if (cut) return; // what comes after the break belongs to a connection that is dead
      requests += 1;
      cut = armed;
      armed = undefined;
      if (cut === undefined || wasExecuted(cut)) return void upstream.write(data);
      if (cut === 'midway') upstream.write(data.subarray(0, Math.floor(data.length / 2)), close);
      if (cut === 'before') close();
      happened();
    });
    upstream.on('data', (data) => {
      if (cut === undefined) {
        if (delay === 0) client.write(data);
        else setTimeout(() => client.write(data), delay).unref();
        return;
      }
      if (cut === 'after') close();
      happened();
    });
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    get url() {
      const address = server.address();
      if (typeof address !== 'object' || address === null) throw new Error('the proxy has not started');
      return `redis://127.0.0.1:${address.port}`;
    },
    cutNext(cut) {
      armed = cut;
      broken = new Promise((resolve) => {
        happened = resolve;
      });
    },
    slow(milliseconds) {
      delay = milliseconds;
    },
    get requests() {
      return requests;
    },
    broken: () => broken,
  };
}
