import { constraintErrors } from '@secapi/core';
import type { Database } from '@secapi/postgres';
import { openPglite } from '@secapi/postgres/pglite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const map = constraintErrors({
  users_email_key: 'EMAIL_TAKEN',
  posts_author_fkey: { code: 'AUTHOR_GONE', status: 422, path: '/authorId' },
});

describe('a constraint of a real PostgreSQL', () => {
  let db: Database;
  beforeAll(async () => {
    db = await openPglite({ folder: 'memory' });
    await db.query('CREATE TABLE users (id int PRIMARY KEY, email text CONSTRAINT users_email_key UNIQUE)');
    await db.query('CREATE TABLE posts (author int CONSTRAINT posts_author_fkey REFERENCES users (id))');
    await db.query("INSERT INTO users VALUES (1, 'canary@example.org')");
  });
  afterAll(() => db.close());

  it.each([
    ["INSERT INTO users VALUES (2, 'canary@example.org')", 409, 'EMAIL_TAKEN'],
    ['INSERT INTO posts VALUES (99)', 422, 'AUTHOR_GONE'],
    ["INSERT INTO users VALUES (1, 'canary')", undefined, undefined],
    ['SELECT canary', undefined, undefined],
  ])('is answered as it is declared, and else not at all: %s', async (statement, status, code) => {
    const error = await db.query(statement).then(
      () => expect.unreachable(),
      (failure: unknown) => failure,
    );
    const mapped = map(error);
    expect([mapped?.status, mapped?.code]).toEqual([status, code]);
    expect(`${mapped?.message} ${mapped?.detail}`).not.toMatch(/canary|_key|fkey/);
  });
});
