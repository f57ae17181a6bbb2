import { randomBytes } from 'node:crypto';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { createCors, createSecurityHeaders, type HeaderList } from '@secapi/http';
import cors from 'cors';
import type { Request, Response } from 'express';
import helmet from 'helmet';
import { origin } from '../e2e/world.js';
import type { Part } from './part.js';

/** Security headers and CORS, on a response whose head is then written. */
export function headerParts(): Part[] {
  const simple = requestOf('GET', { origin });
  const preflight = requestOf('OPTIONS', {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,content-type',
  });
  const protect = helmet();
  const nonces = new WeakMap<object, string>();
  const nonceOf = (_: unknown, response: object): string => `'nonce-${nonces.get(response)}'`;
  const protectPage = helmet({
    contentSecurityPolicy: {
      directives: { scriptSrc: [nonceOf], styleSrc: ["'self'", nonceOf] },
    },
  });
  const page = createSecurityHeaders({ preset: 'page' });
  const { always, remove } = createSecurityHeaders();
  const share = cors({ origin: [origin], credentials: true });
  const ours = createCors({
    origins: [origin],
    credentials: true,
    headers: ['authorization', 'content-type'],
  });
  const answered = (request: IncomingMessage, write: (response: ServerResponse) => void): ServerResponse => {
    const response = new ServerResponse(request);
    write(response);
    response.writeHead(response.statusCode);
    return response;
  };
  return [
    {
      title: 'security headers',
      note: `The response and its head included. helmet sets 12 headers, secapi ${always.length}.`,
      contenders: [
        { name: 'helmet', run: () => answered(simple, (response) => protect(simple, response, nothing)) },
        { name: 'secapi', run: () => answered(simple, (response) => set(response, always, remove)) },
        { name: 'secapi, head at once', run: () => atOnce(simple, always) },
        { name: 'bare response', run: () => answered(simple, nothing) },
      ],
    },
    {
      title: 'security headers of a page, with a nonce',
      note: 'The response and its head included; each makes 128 random bits for every response.',
      contenders: [
        {
          name: 'helmet',
          run: () =>
            answered(simple, (response) => {
              nonces.set(response, newNonce());
              protectPage(simple, response, nothing);
            }),
        },
        {
          name: 'secapi',
          run: () => answered(simple, (response) => set(response, page.withNonce(newNonce()), remove)),
        },
        { name: 'secapi, head at once', run: () => atOnce(simple, page.withNonce(newNonce())) },
      ],
    },
    {
      title: 'CORS, a simple request',
      note: 'The response and its head included.',
      contenders: [
        {
          name: 'cors',
          run: () => answered(simple, (response) => share(asExpress(simple), asExpress(response), nothing)),
        },
        {
          name: 'secapi',
          run: () =>
            answered(simple, (response) => set(response, ours.actual(simple.headers.origin).headers, [])),
        },
        { name: 'bare response', run: () => answered(simple, nothing) },
      ],
    },
    {
      title: 'CORS, a preflight',
      note: 'The whole answer, ended; secapi writes its head at once, as its adapters do.',
      contenders: [
        {
          name: 'cors',
          run() {
            const response = new ServerResponse(preflight);
            share(asExpress(preflight), asExpress(response), nothing);
            return response;
          },
        },
        {
          name: 'secapi',
          run() {
            const response = new ServerResponse(preflight);
            const { headers } = ours.preflight({
              origin: preflight.headers.origin,
              method: preflight.headers['access-control-request-method'],
              headers: preflight.headers['access-control-request-headers'],
            });
            response.writeHead(204, headOf(headers));
            response.end();
            return response;
          },
        },
      ],
    },
  ];
}

function requestOf(method: string, headers: Readonly<Record<string, string>>): IncomingMessage {
  const request = new IncomingMessage(new Socket());
  request.method = method;
  request.url = '/api/posts';
  request.headers = { host: '127.0.0.1', ...headers };
  return request;
}

function set(response: ServerResponse, headers: HeaderList, remove: readonly string[]): void {
  for (const [name, value] of headers) response.setHeader(name, value);
  for (const name of remove) response.removeHeader(name);
}

/** As an adapter writes it where nobody has set a header before. */
function atOnce(request: IncomingMessage, headers: HeaderList): ServerResponse {
  const response = new ServerResponse(request);
  response.writeHead(200, headOf(headers));
  return response;
}

/** A head as Node takes it in one go: names and values in turn. */
function headOf(headers: HeaderList): string[] {
  const head: string[] = [];
  for (let i = 0; i < headers.length; i++) {
    const header = headers[i];
    if (header) head.push(header[0], header[1]);
  }
  return head;
}

function newNonce(): string {
  return randomBytes(16).toString('base64url');
}

function nothing(): void {}

/** Node's own objects are all that cors looks at, though its types want Express's. */
function asExpress<T extends IncomingMessage | ServerResponse>(
  message: T,
): T extends IncomingMessage ? Request : Response {
  return message as never;
}
