import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { bareRefusal, type CatalogueCode } from '@secapi/core';
import { ConfigError, checkNumber, checkOptions } from '@secapi/kernel';
import { isComplete } from './set-aside.js';

/** Bounds of a server; every one in milliseconds. */
export interface ServerBounds {
  /** All of a request's headers must be there by then. @default 10,000 */
  readonly headersTimeout?: number;
  /** All of a request, body included, must be there by then. @default 30,000 */
  readonly requestTimeout?: number;
  /** A connection that waits for its next request is kept for this long. @default 5,000 */
  readonly keepAliveTimeout?: number;
  /**
   * A connection on which nothing moves is kept for this long, also while a handler works: longer than the slowest takes,
   * and than the pauses of a stream of events.
   *
   * @default 60,000
   */
  readonly idleTimeout?: number;
  /** A client gets this long to take what is left of its answer once the handler has written all of it. @default 120,000 */
  readonly answerTimeout?: number;
}

const day = 86_400_000;
/** Whoever was refused and doesn't take the answer, or goes on sending, is not waited for longer. */
const farewell = 1_000;
const codes: Readonly<Record<string, CatalogueCode>> = {
  HPE_HEADER_OVERFLOW: 'HEADERS_TOO_LARGE',
  ERR_HTTP_REQUEST_TIMEOUT: 'REQUEST_TIMEOUT',
};

/**
 * Bounds what a client can hold that is slow with its headers, its body or with taking its answer, and answers what
 * Node's parser refuses as a problem with the headers that matter, since no framework ever sees such a request.
 *
 * Call it before the server listens, or in the same turn. Listeners of `clientError` that were there are replaced.
 *
 * @returns the same server
 * @throws ConfigError for bounds that make no sense
 */
export function hardenServer<S extends Server>(server: S, bounds: ServerBounds = {}): S {
  const defaults = {
    headersTimeout: 10_000,
    requestTimeout: 30_000,
    keepAliveTimeout: 5_000,
    idleTimeout: 60_000,
    answerTimeout: 120_000,
  };
  checkOptions('bounds', bounds, Object.keys(defaults));
  const { headersTimeout, requestTimeout, keepAliveTimeout, idleTimeout, answerTimeout } = {
    ...defaults,
    ...bounds,
  };
  for (const [name, value] of Object.entries({ ...defaults, ...bounds }))
    checkNumber(`bounds.${name}`, value, { min: 1, max: day });
  if (requestTimeout < headersTimeout) {
    throw new ConfigError('bounds.requestTimeout', 'is shorter than headersTimeout', 'give it more');
  }
  server.headersTimeout = headersTimeout;
  server.requestTimeout = requestTimeout;
  server.keepAliveTimeout = keepAliveTimeout;
  server.timeout = idleTimeout;
  // Node looks for late requests every 30 seconds unless told otherwise; it reads this when it begins to listen, and its
  // types know it only as an option of the constructor.
  Object.assign(server, {
    connectionsCheckingInterval: Math.min(1_000, Math.max(50, Math.floor(headersTimeout / 4))),
  });
  // With a limit, Node drops what is past it without a word: and what proxies write stands last. The size bounds them.
  server.maxHeadersCount = 0;

  const refused = refuseUnclearEnds(server);
  const underWay = new WeakMap<Socket, Set<ServerResponse>>();
  server.prependListener('request', function track(request: IncomingMessage, response: ServerResponse) {
    const { socket } = request;
    const responses = underWay.get(socket) ?? new Set<ServerResponse>();
    if (responses.size === 0) underWay.set(socket, responses);
    responses.add(response);
    let timer: NodeJS.Timeout | undefined;
    response.once('prefinish', function watch() {
      if (socket.writableLength > 0) timer = setTimeout(() => socket.destroy(), answerTimeout).unref();
    });
    response.once('close', function forget() {
      clearTimeout(timer);
      responses.delete(response);
    });
  });

  server.removeAllListeners('clientError');
  server.on('clientError', function refuse(error: Error & { code?: string }, socket: Socket) {
    if (refused.has(socket)) return; // it has its answer, and closes behind it
    if (error.code === 'ECONNRESET' || !socket.writable || !isNextAnswer(underWay.get(socket))) {
      socket.destroy();
      return;
    }
    socket.end(toBytes(codes[error.code ?? ''] ?? 'REQUEST_INVALID'));
    setTimeout(() => socket.destroy(), farewell).unref();
  });
  return server;
}

const requests: ReadonlySet<unknown> = new Set(['request', 'checkContinue', 'checkExpectation']);

/**
 * Refuses requests whose end Node's parser reads in its own way, and everything behind them on the connection.
 *
 * A guard comes too late for that: what a client has sent behind such a request in the same packet is parsed, and would be
 * served, before any answer is written.
 */
function refuseUnclearEnds(server: Server): WeakSet<Socket> {
  const refused = new WeakSet<Socket>();
  // It has a signature for each event; what comes in is passed on as it came.
  const emit = server.emit as (...args: unknown[]) => boolean;

  function pass(request: IncomingMessage, response: ServerResponse): boolean {
    if (refused.has(request.socket)) return false;
    const encoding = request.headers['transfer-encoding'];
    if (encoding === undefined || (/^chunked$/i.test(encoding) && request.httpVersion !== '1.0')) return true;
    refused.add(request.socket);
    const { status, headers, body } = bareRefusal('REQUEST_INVALID');
    for (const [name, value] of headers) response.setHeader(name, value);
    response.writeHead(status, { connection: 'close' }).end(body);
    setTimeout(() => request.socket.destroy(), farewell).unref();
    return false;
  }

  server.emit = function secapiEmit(...args: unknown[]): boolean {
    if (requests.has(args[0]) && !pass(args[1] as IncomingMessage, args[2] as ServerResponse)) return true;
    return emit.apply(server, args);
  };
  return refused;
}

/** Whether a refusal that is written now would be taken for the answer to the request that it is about. */
function isNextAnswer(responses: ReadonlySet<ServerResponse> | undefined): boolean {
  const [first, ...others] = responses ?? [];
  return first === undefined || (others.length === 0 && !isComplete(first.req) && !first.headersSent);
}

function toBytes(code: CatalogueCode): string {
  const { status, headers, body = '' } = bareRefusal(code);
  const all = [...headers, ['content-length', String(Buffer.byteLength(body))], ['connection', 'close']];
  const head = all.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${head}\r\n${String(body)}`;
}
