import type { LifecycleRunner } from '../runner.js';
import { listen, type Received, type Sent, send } from './client.js';
import type { AdapterHarness } from './harness.js';
import { createWorld } from './world.js';

/** What an answer's own type and storage decide: the headers of pages, and the nonce. A world of its own, with pages. */
export function headersCases(
  { describe, it, expect, beforeAll, afterAll }: LifecycleRunner,
  harness: AdapterHarness,
): void {
  describe(`${harness.name} adapter with pages`, () => {
    let port = 0;
    let close: () => void = () => {};
    const ask = (sent: Sent): Promise<Received> => send(port, sent);

    beforeAll(async () => {
      const world = await createWorld({ headers: { pages: 'page', reports: { url: '/reports' } } });
      const { server } = await harness.build(world.shield, world.routes);
      port = await listen(server);
      close = () => {
        server.close();
        server.closeAllConnections();
      };
    });
    afterAll(async () => close());

    const policyOf = (answer: Received): string => String(answer.headers['content-security-policy']);
    const nonceOf = (answer: Received): string | undefined =>
      /script-src 'nonce-([^']+)';/.exec(policyOf(answer))?.[1];

    it('gives pages a policy with the very nonce that they hold, however they are sent', async () => {
      const nonces = new Set<string>();
      for (const path of ['/page', '/page-native', '/page-stream', '/page']) {
        const answer = await ask({ path });
        const nonce = nonceOf(answer) ?? '';
        nonces.add(nonce);
        expect([path, answer.status, answer.text, answer.headers['cache-control']]).toEqual([
          path,
          200,
          `<!doctype html><script nonce="${nonce}"></script>`,
          'no-store',
        ]);
        expect([path, nonce.length, answer.headers['referrer-policy']]).toEqual([path, 22, 'same-origin']);
      }
      expect(nonces.size).toEqual(4);
      const head = await ask({ method: 'HEAD', path: '/page' });
      expect([head.text, nonceOf(head)?.length]).toEqual(['', 22]);
    });

    it('gives everything else what an API has, also what the framework answers itself', async () => {
      const all: readonly (readonly [Sent, number])[] = [
        [{ path: '/open' }, 200],
        [{ path: '/native' }, 200],
        [{ path: '/raw-free' }, 200],
        [{ method: 'HEAD', path: '/open' }, 200],
        [{ method: 'OPTIONS', path: '/items' }, 204],
        [{ path: '/nowhere' }, 404],
        [{ method: 'PUT', path: '/page' }, 405],
        [{ path: '/page/%zz' }, 400],
        [
          {
            method: 'POST',
            path: '/parsed',
            headers: { 'content-type': 'application/json' },
            body: '{"name":',
          },
          400,
        ],
        [{ path: '/undeclared/plain' }, 403],
        [{ path: '/throws' }, 500],
        [{ path: '/page-fails' }, 500],
      ];
      for (const [sent, status] of all) {
        const answer = await ask(sent);
        expect([sent.path, answer.status, policyOf(answer)]).toEqual([
          sent.path,
          status,
          "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; report-uri /reports; report-to csp",
        ]);
        expect([sent.path, answer.headers['referrer-policy'], answer.headers['reporting-endpoints']]).toEqual(
          [sent.path, 'no-referrer', 'csp="/reports"'],
        );
      }
    });

    it('lets no answer be stored that holds its nonce, and others as they say, without one', async () => {
      const held = await ask({ path: '/page-stored' });
      expect([held.headers['cache-control'], held.headers['cdn-cache-control']]).toEqual([
        'no-store',
        'no-store',
      ]);
      expect(held.text.includes(nonceOf(held) ?? 'none')).toEqual(true);
      const plain = await ask({ path: '/page-plain' });
      expect(plain.headers['cache-control']).toEqual('public, max-age=60');
      expect([policyOf(plain).includes('nonce'), policyOf(plain).includes("script-src 'none'")]).toEqual([
        false,
        true,
      ]);
    });

    it('leaves the stored headers of a page as they are when it was not modified', async () => {
      const answer = await ask({ path: '/page-unmodified' });
      expect([answer.status, answer.headers.etag, answer.headers['content-security-policy']]).toEqual([
        304,
        '"1"',
        undefined,
      ]);
      expect(answer.headers['x-content-type-options']).toEqual('nosniff');
    });
  });
}
