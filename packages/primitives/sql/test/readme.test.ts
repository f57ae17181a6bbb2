import { expect, it } from 'vitest';
import { createRunner, identifier, like, sql } from '../src/index.js';

it("the README's example does what it says", async () => {
  const asked: unknown[] = [];
  const pool = {
    async query(text: string, values: unknown[]) {
      asked.push(text, values);
      return { rows: [{ id: 1, title: 'a' }] };
    },
  };
  const db = createRunner(pool);
  const { q, sort } = { q: '100%', sort: 'title' };
  const posts = await db.query<{ id: number; title: string }>(sql`
    SELECT id, title FROM posts
    WHERE title ILIKE ${like.contains(q)}
    ORDER BY ${identifier(sort, ['title', 'created_at'])}
    LIMIT ${50}`);
  expect(posts).toEqual([{ id: 1, title: 'a' }]);
  expect(String(asked[0]).replaceAll(/\s+/g, ' ').trim()).toBe(
    'SELECT id, title FROM posts WHERE title ILIKE $1 ESCAPE \'!\' ORDER BY "title" LIMIT $2',
  );
  expect(asked[1]).toEqual(['%100!%%', 50]);
});
