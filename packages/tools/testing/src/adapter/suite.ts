import type { Server } from 'node:http';
import type { LifecycleRunner } from '../runner.js';
import { accessCases } from './access-cases.js';
import { answerCases } from './answer-cases.js';
import { bodyCases } from './body-cases.js';
import { listen, type Received, type Sent, send } from './client.js';
import { errorCases } from './error-cases.js';
import { fuzzCases } from './fuzz/cases.js';
import type { AdapterHarness } from './harness.js';
import { headersCases } from './headers-cases.js';
import { inputCases } from './input-cases.js';
import { originCases } from './origin-cases.js';
import { requestIdCases, strangersIdCases } from './request-id-cases.js';
import { type SuiteTools, securityHeaders } from './suite-tools.js';
import { wireCases } from './wire-cases.js';
import { createWorld, type World } from './world.js';

/**
 * The conformance suite of an adapter, over real HTTP: the same statuses, security headers and problems in every
 * framework, and the guard runs if and only if the handler runs.
 */
export function adapterSuite(
  { describe, it, expect, beforeAll, afterAll }: LifecycleRunner,
  harness: AdapterHarness,
): void {
  describe(`${harness.name} adapter`, () => {
    let world: World;
    let server: Server;
    let port = 0;

    beforeAll(async () => {
      world = await createWorld();
      const built = await harness.build(world.shield, world.routes);
      server = built.server;
      port = await listen(server);
      await send(port, { path: '/open' });
      built.addLate?.();
    });
    afterAll(
      () =>
        new Promise<void>((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    );

    const ask = (sent: Sent): Promise<Received> => send(port, sent);
    const count = (path: string): number => world.ran.get(path) ?? 0;

    function check(title: string, body: () => Promise<void>, timeout?: number): void {
      if (harness.because?.[title] === undefined) it(title, body, timeout);
    }

    function expectProblem(answer: Received, status: number, code: string): void {
      expect([answer.status, answer.json.code, answer.headers['content-type']]).toEqual([
        status,
        code,
        'application/problem+json',
      ]);
      expect(Object.keys(answer.json).filter((key) => key !== 'errors')).toEqual([
        'type',
        'title',
        'status',
        'detail',
        'instance',
        'code',
        'requestId',
      ]);
      expect(answer.json.requestId).toEqual(answer.headers['x-request-id']);
      for (const name of securityHeaders)
        expect([name, typeof answer.headers[name]]).toEqual([name, 'string']);
      for (const name of ['x-powered-by', 'server'])
        expect([name, answer.headers[name]]).toEqual([name, undefined]);
    }

    const tools: SuiteTools = {
      expect,
      check,
      ask,
      count,
      expectProblem,
      world: () => world,
      port: () => port,
    };
    answerCases(tools);
    accessCases(tools);
    inputCases(tools);
    bodyCases(tools);
    wireCases(tools);
    errorCases(tools);
    strangersIdCases(tools);
    fuzzCases(tools);
  });

  headersCases({ describe, it, expect, beforeAll, afterAll }, harness);
  originCases({ describe, it, expect, beforeAll, afterAll }, harness);
  requestIdCases({ describe, it, expect, beforeAll, afterAll }, harness);
  limitCase({ describe, it, expect, beforeAll, afterAll }, harness);
}

/** A limit of its own world, since it is used up. */
function limitCase({ describe, it, expect }: LifecycleRunner, harness: AdapterHarness): void {
  describe(`${harness.name} adapter under a limit`, () => {
    it('lets exactly 100 of 300 parallel requests through, and tells what is left', async () => {
      const world = await createWorld({ limits: { api: { limit: 100, window: '15m' } } });
      const { server } = await harness.build(world.shield, world.routes);
      const port = await listen(server);
      const answers = await Promise.all(Array.from({ length: 300 }, () => send(port, { path: '/open' })));
      const passed = answers.filter((answer) => answer.status === 200);
      const refused = answers.filter((answer) => answer.status === 429);
      expect([passed.length, refused.length, world.ran.get('/open')]).toEqual([100, 200, 100]);
      const left = passed
        .map((answer) => Number(/;r=(\d+)/.exec(String(answer.headers.ratelimit))?.[1]))
        .sort((a, b) => b - a);
      expect([left[0], left[99]]).toEqual([99, 0]);
      for (const answer of refused.slice(0, 3)) {
        expect([answer.json.code, Number(answer.headers['retry-after']) > 0]).toEqual(['RATE_LIMITED', true]);
      }
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    });
  });
}
