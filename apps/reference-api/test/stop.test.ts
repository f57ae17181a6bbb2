import { type ClientRequest, request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Api, type Ended, type Environment, startApi } from './support/api.js';
import { expectStatus } from './support/claims.js';
import { newUser } from './support/journey.js';
import { until, within } from './support/wait.js';

vi.setConfig({ testTimeout: 60_000 }); // it starts the whole service, more than once

const body = JSON.stringify({ title: 'The last one', html: '<p>text</p>' });

const apis: Api[] = [];
afterAll(async () => {
  for (const api of apis) await api.remove();
});

async function start(environment: Environment, folder?: string): Promise<Api> {
  const api = await startApi(environment, folder);
  apis.push(api);
  return api;
}

interface UnderWay {
  readonly outgoing: ClientRequest;
  readonly answer: Promise<number>;
}

/** A request of which the server has the head and not yet the body. */
async function begin(api: Api, token: string): Promise<UnderWay> {
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

/** Opens a connection that says nothing and stays until the server ends it. */
function silent(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', resolve);
    socket.once('error', reject);
  });
}

describe('a stop', () => {
  // It takes as long as all the others together, so it runs beside them.
  let held: Promise<number> | undefined;
  beforeAll(() => {
    held = holdUp();
    held.catch(() => {}); // its test awaits it
  });

  it.each([
    ['express', 'SIGTERM'],
    ['fastify', 'SIGTERM'],
    ['koa', 'SIGINT'],
  ] as const)(
    'on %s, %s takes no one new, answers who is there, and exits 0 within 6 seconds',
    async (framework, name) => {
      const api = await start({ FRAMEWORK: framework });
      const user = await newUser(api);
      const { outgoing, answer } = await begin(api, user.accessToken);
      const since = performance.now();
      api.signal(name);
      await until('new connections to be refused', () => refusesConnections(api.port), 5_000);
      outgoing.end(body);
      expect(await within(5_000, 'the answer', answer)).toBe(201);
      expect(await within(6_000, 'the end', api.ended)).toEqual({ code: 0, signal: null } satisfies Ended);
      expect(performance.now() - since).toBeLessThan(6_000);
    },
  );

  it('waits for no connection that never said anything, and keeps what was answered', async () => {
    const environment = { DATABASE_URL: 'file:.data/postgres' };
    const api = await start(environment);
    const user = await newUser(api);
    const made = await user.send('POST', '/api/posts', { json: { title: 'Kept', html: 'x' } });
    expectStatus(made, 201);
    await silent(api.port);
    api.signal('SIGTERM');
    expect(await within(6_000, 'the end', api.ended)).toEqual({ code: 0, signal: null } satisfies Ended);
    const again = await start(environment, api.folder);
    const path = String(made.headers.location);
    expectStatus(await again.send('GET', path, { token: user.accessToken }), 200);
  });

  it('a client that never finishes its request holds it up for 30 seconds at most', async () => {
    expect(await held).toBeLessThan(30_000);
  });
});

/** How long a client that never finishes its request holds up a stop. */
async function holdUp(): Promise<number> {
  const api = await start({});
  const user = await newUser(api);
  const { outgoing } = await begin(api, user.accessToken);
  api.signal('SIGTERM');
  const since = performance.now();
  outgoing.write(body.slice(0, 5));
  expect(await within(40_000, 'the end', api.ended)).toEqual({ code: 0, signal: null } satisfies Ended);
  return performance.now() - since;
}
