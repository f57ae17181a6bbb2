import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer as createHttps, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Certificates } from '../../../../scripts/certificates.mjs';

/** A site over HTTPS, on a free port of this machine; the browser knows it by a name of its own. */
export interface Site {
  readonly origin: string;
  /** The requests that reached it: method and path. */
  readonly requests: readonly string[];
  stop(): Promise<void>;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

async function serve(host: string, { cert, key }: Certificates, handle: Handler): Promise<Site> {
  const requests: string[] = [];
  const server: Server = createHttps({ cert, key }, (incoming, response) => {
    requests.push(`${incoming.method} ${incoming.url}`);
    handle(incoming, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return {
    origin: `https://${host}:${port}`,
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A site of empty pages, for scripts that a test runs in them. */
export function emptySite(host: string, certificates: Certificates): Promise<Site> {
  return serve(host, certificates, (_, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end('<!doctype html><title>a page</title><body></body>');
  });
}

/** The proxy before an API that ends its TLS, as one in front of a real API does. */
export function proxyTo(port: number, host: string, certificates: Certificates): Promise<Site> {
  return serve(host, certificates, (incoming, response) => {
    const headers = {
      ...incoming.headers,
      'x-forwarded-for': '203.0.113.7',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': incoming.headers.host,
    };
    const { method, url: path } = incoming;
    const onward = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    incoming.pipe(onward);
  });
}
