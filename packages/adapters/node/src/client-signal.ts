import type { IncomingMessage } from 'node:http';

const key: unique symbol = Symbol('secapi.gone');

/**
 * A signal that is aborted when the client of a request has gone. It is the connection's: one for all requests on it, made
 * for the first that asks, so that connections that live long gather no listeners.
 */
export function clientSignal({ socket }: IncomingMessage): AbortSignal {
  const kept = socket as typeof socket & { [key]?: AbortController }; // the symbol is ours alone
  let controller = kept[key];
  if (!controller) {
    const made = new AbortController();
    kept[key] = made;
    controller = made;
    if (socket.destroyed) made.abort();
    else socket.once('close', () => made.abort());
  }
  return controller.signal;
}
