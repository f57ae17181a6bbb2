import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { failures } from './failures.js';
import type { SuiteTools } from './suite-tools.js';

/** What no answer to a failure may hold: of the error, of where it happened, and of what runs there. */
const internal =
  /canary|hunter2|\/srv\/|\n\s+at |node:|node_modules|SELECT|(?:Type|Syntax|Range|Reference)Error|\[object|stack/;

/** Whatever is thrown: a safe problem to the client, and the log has the rest. */
export function errorCases({ check, ask, count, expect, expectProblem, world, port }: SuiteTools): void {
  check('answers whatever a handler throws with a problem that holds nothing of it', async () => {
    for (const [index, { what, status, code }] of failures.entries()) {
      for (const path of [`/fails/${index}`, `/rejects/${index}`, `/fails-native/${index}`]) {
        const answer = await ask({ path });
        expect([what, path, answer.status, answer.json.code]).toEqual([what, path, status, code]);
        expectProblem(answer, status, code);
        const written = answer.text + JSON.stringify(answer.headers);
        expect([what, path, internal.exec(written)?.[0]]).toEqual([what, path, undefined]);
        if (status === 503) expect([what, answer.headers['retry-after']]).toEqual([what, '5']);
        const line = world().logged.find(
          ({ fields }) => (fields as { requestId?: string } | undefined)?.requestId === answer.json.requestId,
        );
        expect([what, path, line?.level]).toEqual([what, path, status >= 500 ? 'error' : undefined]);
      }
    }
  });

  check('answers whatever an old handler throws in the same way', async () => {
    for (const { what, status, code, make } of failures) {
      const answer = await ask({ path: '/fails-old' });
      // To Express, which sees it first, a handler that throws nothing has passed the request on.
      const isNothing = !make() && answer.status === 404;
      expectProblem(answer, isNothing ? 404 : status, isNothing ? 'NOT_FOUND' : code);
      const written = answer.text + JSON.stringify(answer.headers);
      expect([what, internal.exec(written)?.[0]]).toEqual([what, undefined]);
    }
  });

  check('takes a client that goes away for no failure of its own', async () => {
    const errors = () =>
      world().logged.filter(({ level, fields }) => level === 'error' && Object(fields).path === '/leaves');
    const outgoing = request({ host: '127.0.0.1', port: port(), path: '/leaves', agent: false });
    outgoing.once('error', () => {}); // its own end
    outgoing.end();
    while (count('/leaves') === 0) await pause(5);
    outgoing.destroy();
    await pause(200);
    expect(errors()).toEqual([]);
  });

  check('goes on answering after all of that', async () => {
    expect((await ask({ path: '/open' })).text).toEqual('{"id":"1"}');
  });
}
