import { describe, expect, it } from 'vitest';
import { expectInvalid, expectProblem, expectStatus } from '../support/claims.js';
import { addPost, newUser } from '../support/journey.js';
import type { GetWorld } from './world.js';

interface PostItem {
  readonly id: string;
  readonly title: string;
  readonly html: string;
}

interface PostPage {
  readonly items: readonly PostItem[];
  readonly nextCursor: string | null;
}

/** Posts: who may do what with whose, safe HTML, pages, searches. */
export function postClaims(world: GetWorld): void {
  describe('posts', () => {
    it('are made, read, changed and removed by their owner', async () => {
      const { writer, reader } = world();
      const made = await writer.send('POST', '/api/posts', { json: { title: 'First', html: '<p>one</p>' } });
      expectStatus(made, 201);
      const post = made.json<PostItem>();
      expect(post).toMatchObject({ title: 'First', html: '<p>one</p>' });
      expect(made.headers.location).toBe(`/api/posts/${post.id}`);
      const path = `/api/posts/${post.id}`;
      const read = await reader.send('GET', path);
      expectStatus(read, 200);
      expect(read.json()).toEqual(post);
      expect(read.headers['cache-control']).toBe('no-store');
      const changed = await writer.send('PATCH', path, { json: { title: 'Second' } });
      expectStatus(changed, 200);
      expect(changed.json()).toMatchObject({ id: post.id, title: 'Second', html: '<p>one</p>' });
      expectStatus(await writer.send('DELETE', path), 204);
      expectProblem(await writer.send('GET', path), 404, 'NOT_FOUND');
      expectProblem(await writer.send('DELETE', path), 404, 'NOT_FOUND');
    });

    it('of somebody else are 404 to change, and still there afterwards', async () => {
      const { writer, reader } = world();
      const path = `/api/posts/${await addPost(writer, 'Mine')}`;
      const theirs = await reader.send('PATCH', path, { json: { title: 'Yours' } });
      const nothing = await reader.send('PATCH', '/api/posts/019a0000-0000-7000-8000-000000000000', {
        json: { title: 'x' },
      });
      const { detail } = expectProblem(theirs, 404, 'NOT_FOUND');
      expect(detail).toBe(expectProblem(nothing, 404, 'NOT_FOUND').detail);
      expectProblem(await reader.send('DELETE', path), 404, 'NOT_FOUND');
      expect((await writer.send('GET', path)).json()).toMatchObject({ title: 'Mine' });
    });

    it('are moderated by administrators', async () => {
      const { admin, writer } = world();
      const path = `/api/posts/${await addPost(writer)}`;
      expectStatus(await admin.send('PATCH', path, { json: { html: '<p>calm</p>' } }), 200);
      expectStatus(await admin.send('DELETE', path), 204);
    });

    it('name no author but the one who is signed in', async () => {
      const { writer, reader } = world();
      const json = { title: 'Forged', html: '<p>x</p>', authorId: reader.id };
      expectInvalid(await writer.send('POST', '/api/posts', { json }), '/authorId', 'unknown_key');
    });

    it.each([
      ['scripts', '<p>a</p><script>alert(1)</script>', '<p>a</p>'],
      [
        'attributes',
        '<p onclick="x()" class="y" id="z">a <b style="color:red">b</b></p>',
        '<p>a <b>b</b></p>',
      ],
      ['other tags', '<h1>a</h1><a href="javascript:x()">b</a><em>c</em>', 'ab<em>c</em>'],
      ['images', '<img src=x onerror=alert(1)><strong>d</strong>', '<strong>d</strong>'],
      ['drawings', '<svg><g onload=alert(1)></g></svg><i>e</i>', '<i>e</i>'],
      ['frames', '<iframe srcdoc="<script>x()</script>"></iframe>f', 'f'],
    ])('lose %s', async (_, html, safe) => {
      const { writer } = world();
      const made = await writer.send('POST', '/api/posts', { json: { title: 'HTML', html } });
      expectStatus(made, 201);
      const { id } = made.json<PostItem>();
      expect(made.json()).toMatchObject({ html: safe });
      expect((await writer.send('GET', `/api/posts/${id}`)).json()).toMatchObject({ html: safe });
      const patched = await writer.send('PATCH', `/api/posts/${id}`, { json: { html } });
      expect(patched.json()).toMatchObject({ html: safe });
    });

    it('come in pages that leave nothing out and repeat nothing', async () => {
      const { api } = world();
      const user = await newUser(api);
      const ids: string[] = [];
      for (let i = 0; i < 5; i++) ids.push(await addPost(user, `Page ${i}`));
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const from: string = cursor === null ? '' : `&cursor=${cursor}`;
        const answer = await user.send('GET', `/api/posts?limit=2${from}`);
        expectStatus(answer, 200);
        const page = answer.json<PostPage>();
        expect(page.items.length).toBeLessThanOrEqual(2);
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor;
      } while (cursor !== null && seen.length < 200);
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen.filter((id) => ids.includes(id))).toEqual([...ids].reverse());
    });

    it('come in either order of time, and in no other', async () => {
      const { api } = world();
      const user = await newUser(api);
      const ids: string[] = [];
      for (let i = 0; i < 3; i++) ids.push(await addPost(user, `Sorted ${i}`));
      const walk = async (sort: string): Promise<string[]> => {
        const seen: string[] = [];
        for (let cursor = '', left = 100; left > 0; left--) {
          const page = (
            await user.send('GET', `/api/posts?limit=100&sort=${sort}${cursor}`)
          ).json<PostPage>();
          seen.push(...page.items.map(({ id }) => id));
          if (page.nextCursor === null) break;
          cursor = `&cursor=${page.nextCursor}`;
        }
        return seen.filter((id) => ids.includes(id));
      };
      expect(await walk('createdAt')).toEqual(ids);
      expect(await walk('-createdAt')).toEqual([...ids].reverse());
      for (const sort of ['title', 'authorId', 'createdAt;drop', '__proto__', 'createdAt,createdAt'])
        expectProblem(await user.send('GET', `/api/posts?sort=${sort}`), 422, 'VALIDATION_FAILED');
    });

    it('come 50 at a time, 100 at most', async () => {
      const { writer } = world();
      await Promise.all(Array.from({ length: 51 }, (_, i) => addPost(writer, `Many ${i}`)));
      const page = (await writer.send('GET', '/api/posts')).json<PostPage>();
      expect(page.items).toHaveLength(50);
      expect(page.nextCursor).toEqual(expect.any(String));
      expectStatus(await writer.send('GET', '/api/posts?limit=100'), 200);
      for (const limit of ['101', '0', '-1', '1.5', 'x', '', '1e2', 'Infinity']) {
        expectProblem(await writer.send('GET', `/api/posts?limit=${limit}`), 422, 'VALIDATION_FAILED');
      }
      expectProblem(await writer.send('GET', '/api/posts?cursor=nonsense'), 422, 'VALIDATION_FAILED');
      expectInvalid(await writer.send('GET', '/api/posts?order=title'), '/order', 'unknown_key');
    });
  });

  describe('searching', () => {
    async function search(q: string): Promise<string[]> {
      const answer = await world().reader.send('GET', `/api/search?q=${encodeURIComponent(q)}`);
      expectStatus(answer, 200);
      return answer.json<PostPage>().items.map(({ title }) => title);
    }

    it('finds what it is asked for', async () => {
      await addPost(world().writer, 'Blueberry pancakes');
      expect(await search('blueberry')).toEqual(['Blueberry pancakes']);
      expect(await search('no such words')).toEqual([]);
    });

    it.each([
      "' OR 1=1 --",
      "'; DROP TABLE post; --",
      '%',
      '_',
      '\\',
      "x' UNION SELECT email FROM account --",
      '$1',
    ])('%s is a text like any other', async (q) => {
      const { writer } = world();
      expect(await search(`${q} zebra`)).toEqual([]);
      await addPost(writer, `A ${q} zebra`);
      expect(await search(`${q} zebra`)).toEqual([`A ${q} zebra`]);
    });

    it('wants one question', async () => {
      const { reader } = world();
      expectInvalid(await reader.send('GET', '/api/search'), '/q', 'missing');
      expect((await reader.send('GET', '/api/search?q=a&q=b')).status).toBeGreaterThanOrEqual(400);
      expectProblem(await reader.send('GET', `/api/search?q=${'x'.repeat(2_000)}`), 422, 'VALIDATION_FAILED');
    });
  });
}
