import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { WireRequest } from './requests.js';

/** What one stretch of load came to. */
export interface Load {
  readonly answers: number;
  readonly seconds: number;
  /** How many answers had another status than they must, by `name: status`. */
  readonly wrong: ReadonlyMap<string, number>;
}

/** One answer, as far as it is looked at. */
export interface Answered {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

const endOfHead = Buffer.from('\r\n\r\n');

/**
 * Sends requests in turn over so many connections, one at a time on each, for so many milliseconds.
 *
 * It is made for this: whole requests are ready as bytes, shared by all connections. A general load tool keeps requests
 * for each connection and parses every header; with ten thousand tokens in turn it is slower than what it measures.
 */
export async function load(
  port: number,
  requests: readonly WireRequest[],
  options: { readonly connections: number; readonly milliseconds: number },
): Promise<Load> {
  const sockets = await Promise.all(Array.from({ length: options.connections }, () => open(port)));
  const wrong = new Map<string, number>();
  let answers = 0;
  let turn = 0;
  let running = true;
  const start = performance.now();
  const failures = sockets.map(
    (socket) =>
      new Promise<never>((_resolve, reject) => {
        function next(): void {
          const request = requests[turn++ % requests.length];
          if (!running || !request) return;
          ask(socket, request, (status) => {
            if (!running) return;
            answers++;
            if (status !== request.status) {
              const what = `${request.name}: ${status}`;
              wrong.set(what, (wrong.get(what) ?? 0) + 1);
            }
            next();
          });
        }
        socket.once('close', () => running && reject(new Error('a server closed a connection')));
        socket.once('error', (error) => running && reject(error));
        next();
      }),
  );
  await Promise.race([new Promise((resolve) => setTimeout(resolve, options.milliseconds)), ...failures]);
  running = false;
  const seconds = (performance.now() - start) / 1_000;
  for (const socket of sockets) socket.destroy();
  return { answers, seconds, wrong };
}

/** One request on a connection of its own. */
export async function askOnce(port: number, request: WireRequest): Promise<Answered> {
  const socket = await open(port);
  const answered = await new Promise<Answered>((resolve) =>
    ask(socket, request, (status, head, body) => resolve({ status, head, body })),
  );
  socket.destroy();
  return answered;
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  return socket;
}

function ask(
  socket: Socket,
  request: WireRequest,
  done: (status: number, head: string, body: string) => void,
): void {
  let held: Buffer | undefined;
  function read(chunk: Buffer): void {
    const bytes: Buffer = held ? Buffer.concat([held, chunk]) : chunk;
    const end = bytes.indexOf(endOfHead);
    const head = end < 0 ? '' : bytes.toString('latin1', 0, end);
    if (end < 0 || bytes.length < end + 4 + lengthOf(head)) {
      held = bytes;
      return;
    }
    socket.off('data', read);
    done(Number(head.slice(9, 12)), head, bytes.toString('latin1', end + 4));
  }
  socket.on('data', read);
  socket.write(request.bytes);
}

function lengthOf(head: string): number {
  const found = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (found === undefined) throw new Error('an answer has no Content-Length, so its end is not known');
  return Number(found);
}
