/** A request of the tour. */
export interface Sent {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE' | 'OPTIONS';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What came back, with the body read to its end. */
export interface Received {
  readonly status: number;
  /** The problem's `code`, when it is a problem. */
  readonly code: string | undefined;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON, or nothing when it is none. */
  readonly json: unknown;
}

/** Sends requests to the API and counts them. */
export interface Client {
  send(request: Sent): Promise<Received>;
  readonly count: number;
}

/** Nothing answers at the address. */
export class Unreachable extends Error {}

/** How long an answer may take; in milliseconds. */
const patience = 15_000;

/** Makes a client of the API at an address. */
export function createClient(url: string): Client {
  let count = 0;

  async function send({ method, path, headers = {}, body }: Sent): Promise<Received> {
    count++;
    const response = await fetch(url + path, {
      method,
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(patience),
      ...(body === undefined ? {} : { body }),
    }).catch((error: unknown) => {
      throw new Unreachable(`no answer to ${method} ${path}`, { cause: error });
    });
    const text = await response.text();
    const json = parse(text);
    const code = response.status >= 400 ? textOf(json, 'code') : undefined;
    return { status: response.status, code, headers: response.headers, text, json };
  }

  return {
    send,
    get count() {
      return count;
    },
  };
}

/** A text member of a JSON object, or `undefined` where there is none. */
export function textOf(json: unknown, name: string): string | undefined {
  const value = typeof json === 'object' && json !== null ? Reflect.get(json, name) : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** The `items` of a page, or `undefined` when it is no page. */
export function itemsOf(json: unknown): readonly unknown[] | undefined {
  const items = typeof json === 'object' && json !== null ? Reflect.get(json, 'items') : undefined;
  return Array.isArray(items) ? items : undefined;
}

/** The value that an answer gives a cookie. */
export function cookieOf({ headers }: Received, name: string): string | undefined {
  const found = headers.getSetCookie().find((cookie) => cookie.startsWith(`${name}=`));
  return found?.slice(name.length + 1).split(';', 1)[0];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
