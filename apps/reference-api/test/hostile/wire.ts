import { connect } from 'node:net';

/** One request, byte for byte. */
export interface Shot {
  readonly method: string;
  /** As it stands in the request line. */
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: string | undefined;
}

/** What came back, or that nothing did: `hang` after ten seconds, `cut` when the connection just ended. */
export interface Landed {
  readonly status: number | 'hang' | 'cut';
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
}

const deadline = 10_000;

/** Sends a request over a connection of its own; nothing in it is judged or mended on the way. */
export function shoot(port: number, { method, target, headers, body }: Shot): Promise<Landed> {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const length = body === undefined ? '' : `Content-Length: ${Buffer.byteLength(body)}\r\n`;
  const head = `${method} ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${lines}${length}\r\n`;
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => socket.write(head + (body ?? '')));
    const timer = setTimeout(() => finish('hang'), deadline);
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.once('error', () => finish('cut'));
    socket.once('close', () => finish('cut'));

    function finish(otherwise: 'hang' | 'cut'): void {
      clearTimeout(timer);
      socket.destroy();
      resolve(landed(Buffer.concat(chunks).toString('utf8'), otherwise));
    }
  });
}

function landed(answer: string, otherwise: 'hang' | 'cut'): Landed {
  const end = answer.indexOf('\r\n\r\n');
  const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1];
  if (status === undefined || end === -1) return { status: otherwise, headers: new Map(), text: answer };
  const headers = new Map<string, string>();
  for (const line of answer.slice(0, end).split('\r\n').slice(1)) {
    const colon = line.indexOf(':');
    headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  const raw = answer.slice(end + 4);
  const text =
    headers.get('transfer-encoding') === 'chunked' ? raw.replace(/(?:^|\r\n)[\da-f]+\r\n/g, '') : raw;
  return { status: Number(status), headers, text };
}

/** A text as a step of a path or a value of a query: its bytes, percent-encoded. Half a pair becomes the bytes that no UTF-8 has. */
export function percentEncoded(text: string): string {
  const encoded = (part: string): string => {
    if (/[^\ud800-\udfff]/.test(part) || part.length === 2) return encodeURIComponent(part);
    const code = part.charCodeAt(0);
    const bytes = [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)];
    return bytes.map((byte) => `%${byte.toString(16)}`).join('');
  };
  return Array.from(text, encoded).join('');
}
