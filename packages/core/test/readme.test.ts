import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { secapi } from '../src/fetch.js';
import { bearer } from './readme/bearer.js';
import { mayMail } from './readme/mails.js';
import { browsers, page, reports, showPage } from './readme/pages.js';
import { serve } from './readme/posts.js';
import { local, request, world } from './support.js';

const root = join(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const blocks = (path: string): string[] =>
  [...read(path).matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');

describe('the READMEs', () => {
  it.each([
    ['README.md', 'packages/core/test/readme/mails.ts'],
    ['README.md', 'packages/core/test/readme/security.ts'],
    ['README.md', 'packages/core/test/readme/posts.ts'],
    ['README.md', 'packages/adapters/express/test/readme/app.ts'],
    ['packages/core/README.md', 'packages/core/test/readme/security.ts'],
    ['packages/core/README.md', 'packages/core/test/readme/posts.ts'],
    ['packages/core/README.md', 'packages/core/test/readme/pages.ts'],
  ])('show in %s what runs here, to the letter: %s', (readme, example) => {
    expect(blocks(readme)).toContain(read(example));
  });
});

describe('what the READMEs show', () => {
  it('lets exactly three of ten mails to one address go out at once', async () => {
    const asked = await Promise.all(Array.from({ length: 10 }, () => mayMail('ada@example.com')));
    expect(asked.filter(Boolean).length).toBe(3);
    expect(await mayMail('bob@example.com')).toBe(true);
  });

  it('serves a protected route, typed from its schema, with no adapter', async () => {
    const post = (body: unknown, headers: Record<string, string> = {}) =>
      serve(
        new Request('https://api.example/posts', {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify(body),
        }),
        '203.0.113.7',
      );
    const authorization = await bearer('ada');
    const good = await post({ title: ' Hello ' }, { authorization });
    expect([good.status, await good.json()]).toEqual([201, { title: 'Hello', authorId: 'ada' }]);
    expect((await post({ title: 'Hello' })).status).toBe(401);
    expect((await post({ title: 'Hello', role: 'admin' }, { authorization })).status).toBe(422);
    expect((await serve(new Request('https://api.example/nowhere'), '203.0.113.7')).status).toBe(404);
  });

  it('shows a page with its nonce, and takes reports', async () => {
    const { shield } = await world(browsers);
    const { protect } = secapi(shield);
    const shown = await protect(page, showPage)(request('/'), local);
    const nonce = /nonce="([^"]+)"/.exec(await shown.text())?.[1];
    expect(shown.headers.get('content-security-policy')).toContain(`script-src 'nonce-${nonce}';`);
    const sent = { method: 'POST', headers: { 'content-type': 'application/reports+json' }, body: '[]' };
    expect((await protect(reports.route, reports.handler)(request('/reports', sent), local)).status).toBe(
      204,
    );
  });
});
