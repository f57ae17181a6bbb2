import { request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { type Api, startApi } from './support/api.js';
import { expectStatus } from './support/claims.js';
import { newUser } from './support/journey.js';
import { until, within } from './support/wait.js';

vi.setConfig({ testTimeout: 120_000 }); // it starts the whole service, more than once

const apis: Api[] = [];
afterAll(async () => {
  for (const api of apis) await api.remove();
});

const said =
  'password=canary-hunter2, Authorization: Bearer eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ1c2VyLTEifQ.c2lnbmF0dXJl';
const faults = {
  rejection: `void Promise.reject(new Error(${JSON.stringify(said)}))`,
  exception: `setImmediate(() => { throw new Error(${JSON.stringify(said)}); })`,
  'rejection of nothing': 'void Promise.reject()',
};

/** An API in which something fails that no request waits for, once it gets a signal: as a timer or a listener of its own would. */
async function startFaulty(framework: string, fault: keyof typeof faults): Promise<Api> {
  const code = `process.on('SIGUSR2', () => { ${faults[fault]} });`;
  const api = await startApi({
    FRAMEWORK: framework,
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}`,
  });
  apis.push(api);
  return api;
}

const body = JSON.stringify({ title: 'The last one', html: '<p>text</p>' });

/** A request of which the server has the head and not yet the body. */
async function begin(api: Api, token: string) {
  const outgoing = request({
    host: '127.0.0.1',
    port: api.port,
    method: 'POST',
    path: '/api/posts',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      expect: '100-continue',
    },
  });
  const answer = new Promise<number>((resolve, reject) => {
    outgoing.once('error', reject);
    outgoing.once('response', (incoming) => {
      incoming.resume().once('end', () => resolve(incoming.statusCode ?? 0));
    });
  });
  answer.catch(() => {}); // it is awaited later, if at all
  await within(10_000, 'the continuation', new Promise((resolve) => outgoing.once('continue', resolve)));
  return { outgoing, answer };
}

function refusesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', () => resolve(true));
  });
}

describe('what nobody caught', () => {
  it.each([
    ['express', 'rejection'],
    ['fastify', 'exception'],
    ['koa', 'rejection'],
    ['express', 'rejection of nothing'],
  ] as const)(
    'on %s, a %s: takes no one new, answers who is there, exits 1, and the log has it masked',
    async (framework, fault) => {
      const api = await startFaulty(framework, fault);
      const user = await newUser(api);
      const { outgoing, answer } = await begin(api, user.accessToken);
      api.signal('SIGUSR2');
      await until('new connections to be refused', () => refusesConnections(api.port), 5_000);
      outgoing.end(body);
      expect(await within(8_000, 'the answer', answer)).toBe(201);
      expect(await within(12_000, 'the end', api.ended)).toEqual({ code: 1, signal: null });
      const line = api
        .output()
        .split('\n')
        .find((text) => text.includes('was caught by nobody'));
      expect(JSON.parse(line ?? '{}')).toMatchObject({ level: 'error' });
      if (fault !== 'rejection of nothing') expect(line).toContain('[redacted]');
      expect(api.output()).not.toMatch(/canary|c2lnbmF0dXJl/);
    },
  );

  it('ends within its bound, whoever never finishes a request', async () => {
    const api = await startFaulty('koa', 'exception');
    const user = await newUser(api);
    const { answer } = await begin(api, user.accessToken);
    const since = performance.now();
    api.signal('SIGUSR2');
    expect(await within(15_000, 'the end', api.ended)).toEqual({ code: 1, signal: null });
    expect(performance.now() - since).toBeLessThan(13_000);
    await expect(answer).rejects.toThrow();
  });

  it('makes no orderly end of one that is under way', async () => {
    const api = await startFaulty('express', 'rejection');
    const user = await newUser(api);
    const { outgoing, answer } = await begin(api, user.accessToken);
    api.signal('SIGTERM');
    await until('new connections to be refused', () => refusesConnections(api.port), 5_000);
    api.signal('SIGUSR2');
    await until('the log', () => api.output().includes('was caught by nobody'));
    outgoing.end(body);
    expect(await within(8_000, 'the answer', answer)).toBe(201);
    expect(await within(12_000, 'the end', api.ended)).toEqual({ code: 1, signal: null });
  });

  it('is nothing in an orderly run, which exits 0', async () => {
    const api = await startFaulty('fastify', 'rejection');
    const user = await newUser(api);
    expectStatus(await user.send('GET', '/api/me'), 200);
    expectStatus(await api.send('GET', '/api/debug/fail'), 500);
    api.signal('SIGTERM');
    expect(await within(8_000, 'the end', api.ended)).toEqual({ code: 0, signal: null });
    expect(api.output()).not.toContain('was caught by nobody');
  });
});
