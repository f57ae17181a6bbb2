import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { hardenServer, type ServerBounds } from '../src/index.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

async function serve(listener: RequestListener, bounds: ServerBounds = {}, first?: (server: Server) => void) {
  const server = createServer(listener);
  first?.(server);
  hardenServer(server, bounds);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** What comes back until the connection closes, and how long that took; a client that gives up after five seconds. */
function talk(
  port: number,
  speak: (socket: Socket) => void,
): Promise<{ text: string; after: number; closed: boolean }> {
  return new Promise((resolve) => {
    const started = Date.now();
    let text = '';
    const socket = connect(port, '127.0.0.1', () => speak(socket));
    const end = (closed: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ text, after: Date.now() - started, closed });
    };
    const timer = setTimeout(end, 5_000, false);
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.once('error', () => {});
    socket.once('close', () => end(true));
  });
}

/** Writes a text byte by byte, forever slow. */
function trickle(text: string, pause: number): (socket: Socket) => void {
  return function speak(socket) {
    let at = 0;
    const timer = setInterval(() => {
      if (socket.destroyed) clearInterval(timer);
      else socket.write(text[at++ % text.length] ?? 'x');
    }, pause);
    socket.once('close', () => clearInterval(timer));
  };
}

const quick = { headersTimeout: 300, requestTimeout: 600, keepAliveTimeout: 300, idleTimeout: 1_500 };
const fine: RequestListener = (request, response) => {
  request.resume();
  request.once('end', () => response.end('fine'));
};
const whole = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc';

describe('a slow client', () => {
  it('with its headers gets 408 and is let go', async () => {
    const port = await serve(fine, quick);
    const slow = await talk(port, trickle(`GET / HTTP/1.1\r\nHost: a\r\nX: ${'y'.repeat(10_000)}`, 20));
    expect([slow.text.split('\r\n')[0], slow.closed, slow.after < 3_000]).toEqual([
      'HTTP/1.1 408 Request Timeout',
      true,
      true,
    ]);
    expect((await talk(port, (socket) => socket.write(whole))).text).toContain('fine');
  });

  it('with its body gets 408 and is let go, whatever it has sent', async () => {
    const port = await serve(fine, quick);
    const head = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n';
    const slow = await talk(port, (socket) => {
      socket.write(head);
      trickle('x', 20)(socket);
    });
    expect([slow.text.split('\r\n')[0], slow.closed, slow.after < 3_500]).toEqual([
      'HTTP/1.1 408 Request Timeout',
      true,
      true,
    ]);
    expect(slow.text).toContain('"code":"REQUEST_TIMEOUT"');
  });

  it('that never says a word is let go', async () => {
    const port = await serve(fine, quick);
    const silent = await talk(port, () => {});
    expect([silent.closed, silent.after < 3_000]).toEqual([true, true]);
  });

  it('that takes nothing of its answer is let go, and one that takes it slowly is not', async () => {
    const size = 20_000_000;
    const closed: boolean[] = [];
    const port = await serve(
      (_request, response) => {
        response.once('close', () => closed.push(response.writableFinished));
        response.end(Buffer.alloc(size));
      },
      { ...quick, idleTimeout: 500 },
    );
    const deaf = connect(port, '127.0.0.1', () => deaf.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n'));
    deaf.pause();
    deaf.once('error', () => {});
    const started = Date.now();
    while (closed.length === 0 && Date.now() - started < 5_000)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(closed).toHaveLength(1);
    deaf.destroy();
    let taken = 0;
    await new Promise<void>((resolve) => {
      const honest = connect(port, '127.0.0.1', () =>
        honest.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'),
      );
      honest.on('data', (chunk) => {
        taken += chunk.length;
        honest.pause();
        setTimeout(() => honest.resume(), 3);
      });
      honest.once('close', () => resolve());
    });
    expect(taken).toBeGreaterThan(size);
  });

  it('that takes its answer drop by drop is let go in the end', async () => {
    let closed = 0;
    const port = await serve(
      (_request, response) => {
        response.once('close', () => closed++);
        response.end(Buffer.alloc(50_000_000));
      },
      { ...quick, answerTimeout: 700 },
    );
    const slow = connect(port, '127.0.0.1', () => slow.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n'));
    slow.pause();
    slow.once('error', () => {});
    const timer = setInterval(() => slow.read(100_000), 30);
    const started = Date.now();
    while (closed === 0 && Date.now() - started < 5_000)
      await new Promise((resolve) => setTimeout(resolve, 50));
    clearInterval(timer);
    slow.destroy();
    expect([closed, Date.now() - started < 3_000]).toEqual([1, true]);
  });

  it('that keeps a connection without using it is let go', async () => {
    const port = await serve(fine, quick);
    const idle = await talk(port, (socket) => socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n'));
    expect([idle.text.includes('fine'), idle.closed, idle.after < 3_000]).toEqual([true, true, true]);
  });
});

describe('what the parser refuses', () => {
  it('is a problem of the catalogue with the security headers, and nothing else is added', async () => {
    const port = await serve(fine);
    const { text } = await talk(port, (socket) =>
      socket.write('GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n'),
    );
    const [head = '', body = ''] = text.split('\r\n\r\n');
    const problem = JSON.parse(body) as Record<string, unknown>;
    expect(head.split('\r\n')[0]).toBe('HTTP/1.1 400 Bad Request');
    expect(problem).toMatchObject({
      code: 'REQUEST_INVALID',
      status: 400,
      type: 'urn:secapi:problem:request-invalid',
    });
    for (const name of [
      'content-security-policy',
      'x-content-type-options',
      'cache-control',
      'x-frame-options',
    ])
      expect(head.toLowerCase()).toContain(`\r\n${name}: `);
    expect(head).toContain(`x-request-id: ${String(problem.requestId)}`);
    expect(head).toContain('content-type: application/problem+json');
  });

  it('is 431 where the headers are too large', async () => {
    const port = await serve(fine);
    const { text } = await talk(port, (socket) =>
      socket.write(`GET / HTTP/1.1\r\nHost: a\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`),
    );
    expect(text).toContain('HTTP/1.1 431 ');
    expect(text).toContain('"code":"HEADERS_TOO_LARGE"');
  });

  it('never stands where another request’s answer is due', async () => {
    const port = await serve((_request, response) => void setTimeout(() => response.end('the first'), 300));
    const { text } = await talk(port, (socket) =>
      socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nno colon\r\n\r\n'),
    );
    expect(text).not.toContain('400');
  });

  it('is answered once, though somebody listened before', async () => {
    const port = await serve(fine, {}, (server) =>
      server.on('clientError', (_error, socket) => socket.end('HTTP/1.1 418 Teapot\r\n\r\n')),
    );
    const { text } = await talk(port, (socket) => socket.write('nonsense\r\n\r\n'));
    expect([text.includes('418'), text.match(/HTTP\/1\.1 /g)?.length]).toEqual([false, 1]);
  });
});

it('drops no header, however many stand before it', async () => {
  const port = await serve((request, response) => response.end(String(request.headers['x-forwarded-for'])));
  const many = Array.from({ length: 900 }, (_, i) => `X-${i}: 1\r\n`).join('');
  const { text } = await talk(port, (socket) =>
    socket.write(
      `GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${many}X-Forwarded-For: 203.0.113.9\r\n\r\n`,
    ),
  );
  expect(text).toContain('203.0.113.9');
});

it.each<[ServerBounds, RegExp]>([
  [{ headersTimeout: 0 }, /bounds\.headersTimeout/],
  [{ requestTimeout: Number.NaN }, /bounds\.requestTimeout/],
  [{ requestTimeout: 5_000 }, /shorter than headersTimeout/],
  [{ idleTimeout: Number.POSITIVE_INFINITY }, /bounds\.idleTimeout/],
  [{ timeout: 1 } as ServerBounds, /not an option/],
])('%j is refused', (bounds, message) => {
  expect(() => hardenServer(createServer(), bounds)).toThrow(message);
});
