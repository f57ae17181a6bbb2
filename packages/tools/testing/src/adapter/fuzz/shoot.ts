import { connect } from 'node:net';
import type { Shot } from './shot.js';

/** What came back: a status and a body, `hang` when nothing did in time, `cut` when the connection ended without an answer. */
export interface Outcome {
  readonly status: number | 'hang' | 'cut';
  readonly text: string;
}

/** Sends a request exactly as it stands, over a connection of its own. */
export function shoot(port: number, { method, target, headers, body, chunk }: Shot): Promise<Outcome> {
  const encoded = chunk === undefined ? body : inChunks(body, chunk);
  const length = chunk === undefined ? `Content-Length: ${body.byteLength}` : 'Transfer-Encoding: chunked';
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const head = `${method} ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${lines}${length}\r\n\r\n`;
  return new Promise((resolve) => {
    const received: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(Buffer.from(head, 'latin1'));
      socket.write(encoded);
    });
    socket.setTimeout(10_000, () => finish('hang'));
    socket.on('data', (data: Buffer) => received.push(data));
    socket.once('error', () => finish());
    socket.once('close', () => finish());

    function finish(failure?: 'hang'): void {
      socket.destroy();
      // behind the leave to send the body, if it was asked for
      const text = Buffer.concat(received)
        .toString('utf8')
        .replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, '');
      const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
      resolve({ status: failure ?? (status === undefined ? 'cut' : Number(status)), text });
    }
  });
}

function inChunks(body: Uint8Array, size: number): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < body.length; at += size) {
    const piece = body.subarray(at, at + size);
    parts.push(Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n'));
  }
  return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')]);
}
