import { afterAll, describe, expect, it, vi } from 'vitest';
import { startPostgres } from '../../../scripts/postgres.mjs';
import { type Api, type Environment, newFolder, startApi } from './support/api.js';
import { expectStatus } from './support/claims.js';
import {
  administrator,
  login,
  newPerson,
  newUser,
  type Person,
  register,
  signIn,
  type User,
  withAdministrator,
} from './support/journey.js';
import { faultsOf, readTrail } from './support/trail.js';
import { until } from './support/wait.js';

/** What the API said was done before it was killed. */
interface Acknowledged {
  readonly posts: string[];
  readonly people: Person[];
  /** The requests whose events belong in the trail. */
  readonly audited: string[];
}

/** Writes without a pause until the API is gone, and notes what was acknowledged. */
async function burst(
  api: Api,
  user: User,
  waiting: readonly { person: Person; token: string }[],
): Promise<Acknowledged> {
  const done: Acknowledged = { posts: [], people: [], audited: [] };
  let killed = false;

  async function worker(write: (turn: number) => Promise<boolean>): Promise<void> {
    for (let turn = 0; !killed; turn++) {
      const more = await write(turn).catch(() => false); // cut off: it was not acknowledged
      if (!more) return;
    }
  }
  async function post(turn: number): Promise<boolean> {
    const json = { title: `Burst ${turn}`, html: `<p>${'text '.repeat(50)}</p>` };
    const answer = await user.send('POST', '/api/posts', { json });
    if (answer.status === 201) done.posts.push(answer.json<{ id: string }>().id);
    return true;
  }
  async function verify(turn: number): Promise<boolean> {
    const next = waiting[turn];
    if (!next) return false;
    const answer = await api.send('POST', '/api/auth/verify-email', { json: { token: next.token } });
    if (answer.status === 204) {
      done.people.push(next.person);
      done.audited.push(String(answer.headers['x-request-id']));
    }
    return true;
  }
  async function beRefused(): Promise<boolean> {
    const answer = await user.send('GET', '/api/users');
    if (answer.status === 403) done.audited.push(String(answer.headers['x-request-id']));
    return true;
  }

  const workers = [post, post, post, post, verify, beRefused, beRefused].map(worker);
  await until(
    'writes to be acknowledged',
    () => done.posts.length > 40 && done.people.length > 4 && done.audited.length > 40,
  );
  api.signal('SIGKILL');
  await api.ended;
  killed = true;
  await Promise.all(workers);
  return done;
}

async function surviveKill(environment: Environment): Promise<void> {
  const settings = { ...withAdministrator, ...environment, API_LIMIT: '100000', LOGIN_LIMIT: '1000' };
  const proxied = { ...settings, TRUST_PROXY: '127.0.0.1/32' };
  const folder = newFolder();
  const before = await startApi(proxied, folder);
  apis.push(before);
  const user = await newUser(before);
  const waiting: { person: Person; token: string }[] = [];
  for (let i = 0; i < 12; i++) {
    const person = newPerson();
    waiting.push({ person, token: await register(before, person) });
  }
  const acknowledged = await burst(before, user, waiting);

  const after = await startApi(proxied, folder);
  apis.push(after);
  const admin = await signIn(after, administrator);
  const known = new Set<string>();
  let cursor: string | null = null;
  do {
    const from: string = cursor === null ? '' : `&cursor=${cursor}`;
    const answer = await admin.send('GET', `/api/posts?limit=100${from}`);
    expectStatus(answer, 200);
    const page = answer.json<{ items: { id: string }[]; nextCursor: string | null }>();
    for (const { id } of page.items) known.add(id);
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(acknowledged.posts.filter((id) => !known.has(id))).toEqual([]);

  for (const person of acknowledged.people) expectStatus(await login(after, person), 200);
  const trail = await readTrail(admin);
  const told = new Set(trail.map(({ requestId }) => requestId));
  expect(acknowledged.audited.filter((id) => !told.has(id))).toEqual([]);
  expect(faultsOf(trail)).toEqual([]);
  // Its keys are kept as well: who was signed in still is.
  expectStatus(await after.send('GET', '/api/me', { token: user.accessToken }), 200);
}

vi.setConfig({ testTimeout: 120_000 }); // it starts the whole service, more than once

const apis: Api[] = [];
const server = await startPostgres({ durable: true });

afterAll(async () => {
  for (const api of apis) await api.remove();
  if (server.skipped === undefined) await server.stop();
});

describe.concurrent('a kill in a burst of writes loses nothing that was acknowledged', () => {
  it(
    'on the embedded database in a folder',
    () => surviveKill({ DATABASE_URL: 'file:.data/postgres' }),
    120_000,
  );

  if (server.skipped === undefined) {
    it('on a PostgreSQL server', () => surviveKill({ DATABASE_URL: server.url }));
  } else {
    it.skip(`on a PostgreSQL server: ${server.skipped}`);
  }
});
