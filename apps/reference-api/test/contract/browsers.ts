import { describe, expect, it } from 'vitest';
import { expectProblem, expectStatus } from '../support/claims.js';
import type { GetWorld } from './world.js';

/** What browsers do by themselves: they run what bears a nonce, report what they stopped, and forget. */
export function browserClaims(world: GetWorld): void {
  describe('browsers', () => {
    it('get a page whose policy names the nonce that it holds, new each time', async () => {
      const nonces = [await nonceOf(world), await nonceOf(world)];
      expect(nonces[0]).not.toBe(nonces[1]);
    });

    it('are told where to report, by every answer', async () => {
      for (const path of ['/healthz', '/nowhere', '/docs']) {
        const { headers } = await world().api.send('GET', path);
        expect(headers['reporting-endpoints']).toBe('csp="/reports"');
        expect(headers['content-security-policy']).toMatch(/; report-uri \/reports; report-to csp$/);
      }
    });

    it('report what they stopped, and nothing of it comes back', async () => {
      const report = {
        type: 'csp-violation',
        url: 'http://localhost/docs?canary',
        body: { effectiveDirective: 'script-src-elem', blockedURL: 'https://evil.example/?canary' },
      };
      const old = {
        'csp-report': { 'document-uri': 'http://localhost/docs', 'violated-directive': 'img-src' },
      };
      for (const [raw, type] of [
        [JSON.stringify([report]), 'application/reports+json'],
        [JSON.stringify(old), 'application/csp-report'],
      ] as const) {
        const answer = await world().api.send('POST', '/reports', { raw, type });
        expectStatus(answer, 204);
        expect(answer.text).toBe('');
      }
      const broken = { raw: '[{"canary"', type: 'application/reports+json' };
      expectProblem(await world().api.send('POST', '/reports', broken), 400, 'REQUEST_INVALID');
      expectProblem(await world().api.send('POST', '/reports', { json: [] }), 415, 'MEDIA_TYPE_UNSUPPORTED');
    });

    it('can not flood the log with reports', async () => {
      const sent = { raw: '[]', type: 'application/reports+json', from: '203.0.113.61' };
      const answers = await Promise.all(
        Array.from({ length: 70 }, () => world().api.send('POST', '/reports', sent)),
      );
      expect(answers.filter(({ status }) => status === 204)).toHaveLength(60);
      expect(answers.filter(({ status }) => status === 429)).toHaveLength(10);
    });
  });
}

async function nonceOf(world: GetWorld): Promise<string> {
  const answer = await world().api.send('GET', '/docs');
  expectStatus(answer, 200);
  const { headers, text } = answer;
  const nonce = /script-src 'nonce-([\w-]{22})';/.exec(String(headers['content-security-policy']))?.[1];
  expect(text.match(/ nonce="([^"]+)"/g)).toEqual([` nonce="${nonce}"`, ` nonce="${nonce}"`]);
  expect(headers['cache-control']).toBe('no-store');
  return nonce ?? '';
}
