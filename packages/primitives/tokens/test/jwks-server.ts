import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JWK } from '../src/index.js';

/** A real server on this machine whose answer can be changed; it counts the requests. */
export interface JwksServer {
  readonly url: string;
  readonly requests: number;
  answer: RequestListener;
  /** Answers with these keys from now on. */
  serve(keys: readonly unknown[]): void;
  close(): Promise<void>;
}

export const json =
  (body: string, type = 'application/json'): RequestListener =>
  (_, response) => {
    response.setHeader('content-type', type).end(body);
  };

export async function startJwksServer(): Promise<JwksServer> {
  let requests = 0;
  const handle = {
    url: '',
    get requests() {
      return requests;
    },
    answer: json('{"keys":[]}'),
    serve(keys: readonly unknown[]) {
      handle.answer = json(JSON.stringify({ keys }));
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  const server = createServer((request, response) => {
    requests++;
    handle.answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  handle.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
  return handle;
}

export const publicOf = ({ d, p, q, dp, dq, qi, k, ...rest }: JWK): JWK => rest;
