import type { Server } from 'node:http';
import type { LifecycleRunner } from '../runner.js';
import { listen, type Received, type Sent, send } from './client.js';
import type { AdapterHarness } from './harness.js';
import type { SuiteTools } from './suite-tools.js';
import { createWorld, type World } from './world.js';

const uuid = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/;
const given = '6f1ed002-ab51-4f09-9f3b-1f7a4a0b1c2d';
const forwarded = { 'x-forwarded-for': '198.51.100.7', 'x-forwarded-proto': 'https' };
const trace = '0af7651916cd43dd8448eb211c80319c';
const traceparent = `00-${trace}-b7ad6b7169203331-01`;
const wellFormed = [given, '01ARZ3NDEKTSV4RRFFQ69G5FAV', trace, 'a_1-'.repeat(16)];
const word = 'a'.repeat(32);
const malformed: readonly (string | readonly string[])[] = [
  ...['', 'short', 'a'.repeat(65), 'a'.repeat(6_000), `${word} ${word}`, `${word}"`, `${word}<script>`],
  ...[`${word}/../..`, `${word}%0d%0a`, `${word}\u00e9`, `-${word}`, `{"id":"${word}"}`],
  ...[`${word},${word}`, `${word}\\n`, `\${${word}}`, `%s${word}`],
  [word, word],
];
const noTraces: readonly (string | readonly string[])[] = [
  ...[`ff-${trace}-b7ad6b7169203331-01`, `00-${'0'.repeat(32)}-b7ad6b7169203331-01`],
  ...[
    `00-${trace}-${'0'.repeat(16)}-01`,
    `${traceparent}-more`,
    traceparent.toUpperCase(),
    `${traceparent}\u00e9`,
  ],
  [traceparent, traceparent],
];

/** The id of a request that comes from anybody. */
export function strangersIdCases({ check, ask, expect }: SuiteTools): void {
  check('believes the ids of nobody but a trusted proxy', async () => {
    const headers = { ...forwarded, 'x-request-id': given, traceparent };
    const { status, json, headers: sent } = await ask({ path: '/request', headers });
    expect([status, uuid.test(String(json.id)), json.id === given]).toEqual([200, true, false]);
    expect([sent['x-request-id'], json.traceId]).toEqual([json.id, undefined]);
  });
}

/** The ids of requests behind a trusted proxy, in a world of its own. */
export function requestIdCases(
  { describe, it, expect, beforeAll, afterAll }: LifecycleRunner,
  harness: AdapterHarness,
): void {
  describe(`${harness.name} adapter behind a proxy that gives requests their ids`, () => {
    let world: World;
    let server: Server;
    let port = 0;

    beforeAll(async () => {
      world = await createWorld({ trustProxy: ['loopback'] });
      server = (await harness.build(world.shield, world.routes)).server;
      port = await listen(server);
    });
    afterAll(
      () =>
        new Promise<void>((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    );

    const ask = (path: string, headers: NonNullable<Sent['headers']>): Promise<Received> =>
      send(port, { path, headers: { ...forwarded, ...headers } });
    const linesOf = (id: unknown): Record<string, unknown>[] =>
      world.logged
        .map(({ fields }): Record<string, unknown> => ({ ...fields }))
        .filter(({ requestId }) => requestId === id);

    it('takes over a well-formed one: in the answer, the problem, the log, the trail and the exchange', async () => {
      for (const id of wellFormed) {
        const headers = { 'x-request-id': id, traceparent };
        const seen = await ask('/request', headers);
        expect([seen.json, seen.headers['x-request-id']]).toEqual([{ id, traceId: trace }, id]);
        const instance = `${uuid.test(id) ? 'urn:uuid' : 'urn:secapi:request'}:${id}`;
        for (const [path, status] of [
          ['/throws', 500],
          ['/undeclared/plain', 403],
          ['/nowhere', 404],
        ] as const) {
          const { json, headers: sent, ...answer } = await ask(path, headers);
          expect([path, answer.status, json.requestId, json.instance]).toEqual([path, status, id, instance]);
          expect([path, sent['x-request-id']]).toEqual([path, id]);
        }
        expect(linesOf(id).length > 1).toEqual(true);
        expect(linesOf(id).every(({ traceId }) => traceId === trace)).toEqual(true);
        expect(world.events.some(({ requestId }) => requestId === id)).toEqual(true);
      }
    });

    it('makes its own in place of one that is not well-formed, or there twice', async () => {
      for (const id of malformed) {
        const { json, headers } = await ask('/throws', { 'x-request-id': id });
        expect([id, uuid.test(String(json.requestId)), headers['x-request-id']]).toEqual([
          id,
          true,
          json.requestId,
        ]);
        expect([id, linesOf(json.requestId).length > 0]).toEqual([id, true]);
      }
    });

    it('takes the trace of a well-formed traceparent alone', async () => {
      for (const none of noTraces)
        expect([none, (await ask('/request', { traceparent: none })).json.traceId]).toEqual([
          none,
          undefined,
        ]);
      const later = `01-${trace}-b7ad6b7169203331-01-more`;
      expect((await ask('/request', { traceparent: later })).json.traceId).toEqual(trace);
    });
  });
}
