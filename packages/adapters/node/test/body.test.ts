import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { readBody } from '../src/body.js';

type Outcome = Awaited<ReturnType<typeof readBody>>;

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A server that reads one body, and what it read of the connection when it was done. */
async function serve(
  read: (request: IncomingMessage) => Promise<Outcome>,
): Promise<{ port: number; outcome: Promise<Outcome>; bytesRead: () => number }> {
  let socket: Socket | undefined;
  let settle: (outcome: Outcome) => void = () => {};
  const outcome = new Promise<Outcome>((resolve) => {
    settle = resolve;
  });
  const server = createServer(async (request, response) => {
    socket = request.socket;
    const result = await read(request);
    response.writeHead(result.ok ? 200 : 413, { connection: 'close' }).end();
    settle(result);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, outcome, bytesRead: () => socket?.bytesRead ?? 0 };
}

/** Sends a body in chunks without a length, until it has sent all or the connection ends. */
function sendChunks(port: number, chunk: string, count: number): Promise<string> {
  return new Promise((resolve) => {
    let received = '';
    let sent = 0;
    const piece = `${chunk.length.toString(16)}\r\n${chunk}\r\n`;
    const socket = connect(port, '127.0.0.1', () => {
      socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n');
      more();
    });
    function more(): void {
      while (!socket.destroyed && sent < count) {
        sent++;
        if (!socket.write(piece)) return void socket.once('drain', more);
      }
      if (sent === count && !socket.destroyed) socket.write('0\r\n\r\n');
    }
    socket.setTimeout(5_000, () => socket.destroy());
    socket.on('data', (bytes: Buffer) => {
      received += bytes.toString('latin1');
    });
    socket.once('error', () => {});
    socket.once('close', () => resolve(received.split('\r\n', 1)[0] ?? ''));
  });
}

const courtesy = 1_048_576;
/** What the server's stream holds, and what the chunks' own lines take. */
const slack = 262_144;

it('stops reading a body that grows beyond its limit, whatever its sender has still to send', async () => {
  const { port, outcome, bytesRead } = await serve((request) => readBody(request, 10_000));
  const answer = await sendChunks(port, 'x'.repeat(16_384), 4_000);
  expect(await outcome).toEqual({ ok: false, reason: 'too_large' });
  expect(bytesRead()).toBeLessThan(10_000 + courtesy + slack);
  expect(answer).toBe('HTTP/1.1 413 Payload Too Large');
});

it('takes one that stays within, byte by byte too', async () => {
  for (const [chunk, count] of [
    ['x', 9_000],
    ['abc'.repeat(3_000), 1],
    ['0123456789'.repeat(10), 99],
  ] as const) {
    const { port, outcome } = await serve((request) => readBody(request, 10_000));
    expect(await sendChunks(port, chunk, count)).toBe('HTTP/1.1 200 OK');
    const read = await outcome;
    expect(read.ok && Buffer.from(read.bytes).toString()).toBe(chunk.repeat(count));
  }
});

it('is at the limit at the very byte', async () => {
  for (const [length, ok] of [
    [10_000, true],
    [10_001, false],
  ] as const) {
    const { port, outcome } = await serve((request) => readBody(request, 10_000));
    await sendChunks(port, 'x', length);
    expect([length, (await outcome).ok]).toEqual([length, ok]);
  }
});

it('shows each chunk to who watches, and stops where that has seen enough', async () => {
  let shown = 0;
  const { port, outcome, bytesRead } = await serve((request) =>
    readBody(request, 50_000_000, (chunk) => {
      shown += chunk.length;
      return shown < 100_000;
    }),
  );
  await sendChunks(port, 'x'.repeat(16_384), 4_000);
  expect(await outcome).toMatchObject({ ok: true, bytes: Buffer.alloc(0) });
  expect(shown).toBeLessThan(100_000 + 65_536);
  expect(bytesRead()).toBeLessThan(100_000 + courtesy + slack);
});
