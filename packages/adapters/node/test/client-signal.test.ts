import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { requestFacts } from '../src/index.js';

async function serve(answers: boolean) {
  const signals: AbortSignal[] = [];
  const listeners: number[] = [];
  const server = createServer((incoming, response) => {
    const { signal } = requestFacts(incoming, () => undefined);
    if (signal) signals.push(signal);
    listeners.push(incoming.socket.listenerCount('close'));
    if (answers) response.end('done');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens on a port
  return { server, signals, listeners, port };
}

it('tells when a client goes away before its answer, and not while it waits', async () => {
  const { server, signals, port } = await serve(false);
  const outgoing = request({ port, host: '127.0.0.1' }).on('error', () => {});
  outgoing.end();
  await once(server, 'request');
  expect(signals[0]?.aborted).toBe(false);
  const gone = once(signals[0] as AbortSignal, 'abort');
  outgoing.destroy();
  await gone;
  expect(signals[0]?.aborted).toBe(true);
  server.close();
});

it('is one for all requests of a connection, which gathers no listeners', async () => {
  const { server, signals, listeners, port } = await serve(true);
  const { Agent } = await import('node:http');
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (let i = 0; i < 30; i++) {
    const outgoing = request({ port, host: '127.0.0.1', agent });
    outgoing.end();
    const [incoming] = await once(outgoing, 'response');
    incoming.resume();
    await once(incoming, 'end');
  }
  expect(signals).toHaveLength(30);
  expect(new Set(signals).size).toBe(1);
  expect(signals[0]?.aborted).toBe(false);
  expect(Math.max(...listeners)).toBe(Math.min(...listeners.slice(1)));
  agent.destroy();
  server.close();
});
