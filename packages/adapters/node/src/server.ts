import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Bounds of a server; every one in milliseconds. */
export interface ServerBounds {
  /** All of a request's headers must be there by then. @default 10,000 */
  readonly headersTimeout?: number;
  /** All of a request, body included, must be there by then. @default 30,000 */
  readonly requestTimeout?: number;
  /** An idle connection is kept for this long. @default 5,000 */
  readonly keepAliveTimeout?: number;
}

const codes: Readonly<Record<string, { status: number; reason: string; code: string }>> = {
  HPE_HEADER_OVERFLOW: { status: 431, reason: 'Request Header Fields Too Large', code: 'HEADERS_TOO_LARGE' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, reason: 'Request Timeout', code: 'REQUEST_TIMEOUT' },
};

/**
 * Bounds what a slow or malformed client can hold, and answers what Node's parser refuses as a problem with the
 * headers that matter, since no framework ever sees such a request.
 */
export function hardenServer(server: Server, bounds: ServerBounds = {}): void {
  server.headersTimeout = bounds.headersTimeout ?? 10_000;
  server.requestTimeout = bounds.requestTimeout ?? 30_000;
  server.keepAliveTimeout = bounds.keepAliveTimeout ?? 5_000;
  server.maxHeadersCount = 100;
  server.on('clientError', function refuse(error: Error & { code?: string }, socket: Socket) {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const { status, reason, code } = codes[error.code ?? ''] ?? {
      status: 400,
      reason: 'Bad Request',
      code: 'REQUEST_INVALID',
    };
    const requestId = crypto.randomUUID();
    const body = JSON.stringify({
      type: `urn:secapi:problem:${code.toLowerCase().replaceAll('_', '-')}`,
      title: reason,
      status,
      detail: 'The request is not well-formed.',
      instance: `urn:uuid:${requestId}`,
      code,
      requestId,
    });
    socket.end(
      `HTTP/1.1 ${status} ${reason}\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` +
        `Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nX-Request-Id: ${requestId}\r\nConnection: close\r\n\r\n${body}`,
    );
  });
}

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
 * @returns the stop; it resolves when no connection is left, with whether every whole request had its answer
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

  return function stop() {
    return new Promise(function wait(resolve) {
      let answered = true;
      const idle = setInterval(() => server.closeIdleConnections(), 50);
      const whole = setTimeout(function cutAnswers() {
        for (const request of underWay) {
          if (!request.complete) continue;
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
  };
}
