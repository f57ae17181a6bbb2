import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { isComplete } from './set-aside.js';

/** How long a stop may take; in milliseconds. */
export interface StopBounds {
  /** Requests that are whole get this long for their answers. @default 5,000 */
  readonly answers?: number;
  /** A client that never finishes its request gets this long. @default 25,000 */
  readonly requests?: number;
}

/**
 * Prepares a server for an orderly stop: no new connections, idle ones closed, requests under way answered.
 *
 * @returns the stop, which may be asked for again; it resolves when no connection is left, with whether every whole request had its answer
 */
export function stoppable(server: Server, bounds: StopBounds = {}): () => Promise<boolean> {
  const { answers = 5_000, requests = 25_000 } = bounds;
  const underWay = new Set<IncomingMessage>();
  // Node counts a connection that never sent a byte as busy; nothing of it is to be waited for.
  const silent = new Set<Socket>();
  server.on('connection', function watch(socket: Socket) {
    silent.add(socket);
    socket.once('data', () => silent.delete(socket)).once('close', () => silent.delete(socket));
  });
  server.prependListener('request', function track(request: IncomingMessage, response: ServerResponse) {
    underWay.add(request);
    response.once('close', () => underWay.delete(request));
  });

  let stopping: Promise<boolean> | undefined;

  return function stop() {
    // A signal and a failure may both ask for it: the second waits for the same end.
    stopping ??= new Promise(function wait(resolve) {
      let answered = true;
      const idle = setInterval(() => server.closeIdleConnections(), 50);
      const whole = setTimeout(function cutAnswers() {
        for (const request of underWay) {
          if (!isComplete(request)) continue;
          answered = false;
          request.socket.destroy();
        }
      }, answers);
      const all = setTimeout(() => server.closeAllConnections(), requests);
      server.close(function closed() {
        clearInterval(idle);
        clearTimeout(whole);
        clearTimeout(all);
        resolve(answered);
      });
      server.closeIdleConnections();
      for (const socket of silent) if (socket.bytesRead === 0) socket.destroy();
    });
    return stopping;
  };
}
