import { constraintErrors } from '@secapi/core';
import { systemClock, uuidv7 } from '@secapi/kernel';
import { type Database, migrate } from '@secapi/postgres';
import { openPglite } from '@secapi/postgres/pglite';
import { createRunner, type Sql, sql } from '@secapi/sql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { constraints } from '../src/domain/constraints.js';
import { migrations } from '../src/domain/migrations.js';
import { createPosts } from '../src/domain/posts.js';

const map = constraintErrors({
  ...constraints,
  account_email_key: 'EMAIL_TAKEN',
  account_role_check: { code: 'ROLE_UNKNOWN', status: 422, path: '/role' },
});

const add = (id: string, email: string, role: string): Sql =>
  sql`INSERT INTO account VALUES (${id}, ${email}, 'canary', ${role}, true, 'canary', 1)`;
const [first, other] = [uuidv7(), uuidv7()];

describe('a constraint of a real PostgreSQL', () => {
  let db: Database;
  beforeAll(async () => {
    db = await openPglite({ folder: 'memory' });
    await migrate(db, migrations);
    await createRunner(db).execute(add(first, 'canary@example.org', 'user'));
  });
  afterAll(() => db.close());

  it('that is declared is answered as it is declared: here, a post whose author is gone', async () => {
    const posts = createPosts(createRunner(db), systemClock);
    const error = await posts
      .add({ authorId: other, title: 'canary', html: '' })
      .catch((failure: unknown) => failure);
    expect(map(error)).toMatchObject({
      code: 'ACCOUNT_GONE',
      status: 409,
      detail: 'The account is no longer there.',
    });
    expect((await posts.add({ authorId: first, title: 'x', html: '' })).authorId).toBe(first);
  });

  it.each([
    ['a unique key', add(other, 'canary@example.org', 'user'), 409, 'EMAIL_TAKEN'],
    ['a check', add(other, 'other@example.org', 'king'), 422, 'ROLE_UNKNOWN'],
    ['a primary key that nobody declared', add(first, 'other@example.org', 'user'), undefined, undefined],
    ['no constraint at all', sql`SELECT canary`, undefined, undefined],
  ])('may be %s', async (_title, statement, status, code) => {
    const error = await createRunner(db)
      .query(statement)
      .then(
        () => expect.unreachable(),
        (failure: unknown) => failure,
      );
    const mapped = map(error);
    expect([mapped?.status, mapped?.code]).toEqual([status, code]);
    expect(`${mapped?.message} ${mapped?.detail}`).not.toMatch(/canary|_key|fkey/);
  });
});
