import type { IncomingMessage } from 'node:http';

const key: unique symbol = Symbol('secapi.complete');

/**
 * Makes a request say that its body was read, so that parsers of a framework leave it to core, which reads it bounded, once access is granted,
 * and by one parser. The bytes stay where they are.
 */
export function setAside(request: IncomingMessage): void {
  const kept = request as IncomingMessage & { [key]?: boolean }; // the symbol is ours alone
  kept[key] = request.complete;
  Object.defineProperty(request, 'complete', {
    configurable: true,
    enumerable: true,
    get: () => true,
    set: (complete: boolean) => {
      kept[key] = complete; // Node's parser says so at the end of the message
    },
  });
  request.readable = false;
}

/** Whether a request has come in to its end, whatever it says of itself. */
export function isComplete(request: IncomingMessage): boolean {
  return (request as { [key]?: boolean })[key] ?? request.complete;
}
