import type { IncomingMessage } from 'node:http';
import type { BodySource, RequestFacts } from '@secapi/core';
import { readBody } from './body.js';
import { clientSignal } from './client-signal.js';

/** What Node knows of a request, as core wants it. */
// A class, for once: it is made for every request, and its methods should not be.
class NodeRequestFacts implements RequestFacts, BodySource {
  readonly method: string;
  readonly target: string;
  readonly peer: string | undefined;
  readonly encrypted: boolean;
  readonly version: string;
  readonly #request: IncomingMessage;
  readonly #parsed: () => unknown;

  constructor(request: IncomingMessage, parsed: () => unknown) {
    this.method = request.method ?? 'GET';
    this.target = request.url ?? '/';
    this.peer = request.socket.remoteAddress;
    this.encrypted = (request.socket as { encrypted?: boolean }).encrypted === true; // a TLSSocket says so
    this.version = request.httpVersion;
    this.#request = request;
    this.#parsed = parsed;
  }

  get body(): BodySource {
    return this;
  }

  get signal(): AbortSignal {
    return clientSignal(this.#request);
  }

  header(name: string): string | undefined {
    const value = this.#request.headers[name];
    return typeof value === 'string' ? value : value?.join(', ');
  }

  values(name: string): readonly string[] {
    const raw = this.#request.rawHeaders;
    const values: string[] = [];
    for (let i = 0; i < raw.length; i += 2) {
      if (raw[i]?.length === name.length && raw[i]?.toLowerCase() === name) values.push(raw[i + 1] ?? '');
    }
    return values;
  }

  parsed(): unknown {
    return this.#parsed();
  }

  read(limit: number, watch?: (chunk: Uint8Array) => boolean): ReturnType<BodySource['read']> {
    return readBody(this.#request, limit, watch);
  }
}

/**
 * The facts of a Node request.
 *
 * @param parsed what the framework's own body parser made, if one ran; asked only when a route wants the body
 */
export function requestFacts(request: IncomingMessage, parsed: () => unknown): RequestFacts {
  return new NodeRequestFacts(request, parsed);
}
