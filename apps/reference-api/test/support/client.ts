import { Agent, type IncomingHttpHeaders, request } from 'node:http';

type Headers = Readonly<Record<string, string | string[]>>;

/** What is sent, beyond a method and a path. */
export interface Sent {
  /** A list sends the header several times. */
  readonly headers?: Headers;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is, with no content type but the given one. */
  readonly raw?: string | Uint8Array;
  /** The content type of `raw`. */
  readonly type?: string;
  /** Sends the body without its length. */
  readonly chunked?: boolean;
  /** The client's address, as the trusted proxy tells it. @default one that nobody had before */
  readonly from?: string;
  readonly token?: string | undefined;
  readonly cookies?: Readonly<Record<string, string>>;
}

/** What came back. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body; who asks names the shape that the contract promises, and asserts what matters of it. */
  json<T = Readonly<Record<string, unknown>>>(): T;
  /** The value of a cookie that it sets. */
  cookie(name: string): string | undefined;
}

/** Sends requests to one server, exactly as they are written. */
export interface Client {
  send(method: string, path: string, sent?: Sent): Promise<Received>;
  close(): void;
}

let clients = 0;

/** An IPv4 address that no other request of this process had. */
export function address(): string {
  clients++;
  return `198.${18 + (clients >> 16)}.${(clients >> 8) & 255}.${clients & 255}`;
}

/** A client of the server on a port of this machine; paths go out as they are written. */
export function createClient(port: number): Client {
  // An idle connection is dropped well before the server drops it: neither side closes what the other one uses.
  const agent = new Agent({ keepAlive: true, timeout: 2_000 });

  function send(method: string, path: string, sent: Sent = {}): Promise<Received> {
    const body = sent.raw ?? (sent.json === undefined ? undefined : JSON.stringify(sent.json));
    const headers: Record<string, string | string[]> = { ...headersOf(sent), ...sent.headers };
    if (body !== undefined && !sent.chunked) headers['content-length'] = String(Buffer.byteLength(body));
    return new Promise((resolve, reject) => {
      const outgoing = request({ host: '127.0.0.1', port, agent, method, path, headers }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.once('error', reject);
        incoming.once('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve(received(method, path, incoming.statusCode ?? 0, incoming.headers, text));
        });
      });
      outgoing.once('error', reject); // after an answer nobody listens any more: a refused body may be cut off
      outgoing.setTimeout(30_000, () => outgoing.destroy(new Error(`${method} ${path} was not answered`)));
      outgoing.end(body);
    });
  }

  return { send, close: () => agent.destroy() };
}

function headersOf({ from = address(), token, cookies, json, raw, type }: Sent): Headers {
  const headers: Record<string, string> = { 'x-forwarded-for': from };
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  if (json !== undefined) headers['content-type'] = 'application/json';
  if (raw !== undefined && type !== undefined) headers['content-type'] = type;
  if (cookies) {
    headers.cookie = Object.entries(cookies)
      .map(([name, value]) => `${name}=${value}`)
      .join('; ');
  }
  return headers;
}

function received(
  method: string,
  path: string,
  status: number,
  headers: IncomingHttpHeaders,
  text: string,
): Received {
  return {
    method,
    path,
    status,
    headers,
    text,
    json<T>() {
      return JSON.parse(text) as T; // the caller's claim, see the interface
    },
    cookie(name) {
      const line = headers['set-cookie']?.find((cookie) => cookie.startsWith(`${name}=`));
      return line?.slice(name.length + 1).split(';', 1)[0];
    },
  };
}
