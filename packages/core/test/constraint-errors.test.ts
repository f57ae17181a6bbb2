import { SecapiError } from '@secapi/kernel';
import { describe, expect, it } from 'vitest';
import { secapi } from '../src/fetch.js';
import { ApiError, constraintErrors, type ErrorMapper, route } from '../src/index.js';
import { local, request, world } from './support.js';

const map = constraintErrors({
  users_email_key: 'EMAIL_TAKEN',
  posts_author_fkey: {
    code: 'AUTHOR_GONE',
    status: 422,
    path: '/authorId',
    detail: 'There is no such author.',
  },
  posts_slug_key: 'CONFLICT',
  'users.email_key': 'EMAIL_TAKEN',
  'users.email': 'EMAIL_TAKEN',
});

async function answerTo(error: unknown, mapErrors: readonly ErrorMapper[] = [map]) {
  const { shield, lines } = await world({ mapErrors });
  const handler = secapi(shield).protect(route({ access: 'public' }), () => {
    throw error;
  });
  const response = await handler(request('/'), local);
  const text = await response.text();
  return { status: response.status, text, json: JSON.parse(text) as Record<string, unknown>, lines };
}

/** As `@secapi/postgres` makes it. */
const violated = (constraint: string, sqlState = '23505') =>
  Object.assign(new SecapiError('DATABASE_CONFLICT', `canary ${constraint}`), { sqlState, constraint });

describe('a violated constraint', () => {
  it('is answered with the code that was declared for it, and with nothing of the error', async () => {
    const taken = await answerTo(violated('users_email_key'));
    expect(taken.json).toMatchObject({
      type: 'urn:secapi:problem:email-taken',
      status: 409,
      title: 'Conflict',
      detail: 'This conflicts with what is there already.',
      code: 'EMAIL_TAKEN',
    });
    expect(taken.lines.filter(({ level }) => level === 'error')).toEqual([]);
    const gone = await answerTo(violated('posts_author_fkey', '23503'));
    expect(gone.json).toMatchObject({
      status: 422,
      code: 'AUTHOR_GONE',
      errors: [{ path: '/authorId', code: 'author_gone', message: 'There is no such author.' }],
    });
    const conflict = await answerTo(violated('posts_slug_key'));
    expect(conflict.json).toMatchObject({ code: 'CONFLICT', status: 409 });
    for (const { text } of [taken, gone, conflict]) expect(text).not.toMatch(/canary|_key|fkey/);
  });

  it('that nobody has declared is a 500 without its name, and with it in the log', async () => {
    const { status, text, json, lines } = await answerTo(violated('canary_key'));
    expect([status, json.code]).toEqual([500, 'INTERNAL_ERROR']);
    expect(text).not.toContain('canary');
    expect(lines.find(({ level }) => level === 'error')?.fields).toMatchObject({
      error: { constraint: 'canary_key' },
    });
  });

  it('is known of other drivers, and behind what wraps them', async () => {
    const errors = [
      Object.assign(new Error('x'), { code: '23505', constraint: 'users_email_key', severity: 'ERROR' }),
      new Error('x', { cause: new Error('y', { cause: violated('users_email_key') }) }),
      Object.assign(new Error("Duplicate entry 'a' for key 'z' for key 'users.email_key'"), {
        code: 'ER_DUP_ENTRY',
      }),
      Object.assign(new Error('UNIQUE constraint failed: users.email'), { code: 'SQLITE_CONSTRAINT_UNIQUE' }),
    ];
    for (const error of errors) expect((await answerTo(error)).json.code).toBe('EMAIL_TAKEN');
  });

  it.each([
    ['a constraint without its SQLSTATE', Object.assign(new Error('x'), { constraint: 'users_email_key' })],
    ['another SQLSTATE', violated('users_email_key', '42501')],
    ['a name of the prototype', violated('constructor')],
    [
      'a value that looks like the end of a message',
      Object.assign(new Error(" for key 'users.email' "), { code: 'ER_DUP_ENTRY' }),
    ],
    [
      'an entry that names a key, before another',
      Object.assign(new Error("'x' for key 'users.email_key' for key 'other'"), { code: 'ER_DUP_ENTRY' }),
    ],
    [
      'a long message',
      Object.assign(new Error(` for key '${'a'.repeat(1_000_000)}`), { code: 'ER_DUP_ENTRY' }),
    ],
  ])('is not believed of %s', async (_title, error) => {
    const start = performance.now();
    expect(map(error)).toBeUndefined();
    expect(performance.now() - start).toBeLessThan(50);
    expect((await answerTo(error)).status).toBe(500);
  });

  it('is mapped by the first that knows it; one that fails, or gives something else, opens nothing', async () => {
    const first: ErrorMapper = () => new ApiError('FIRST', { status: 418 });
    expect((await answerTo(violated('users_email_key'), [() => undefined, first, map])).json.code).toBe(
      'FIRST',
    );
    const failing: ErrorMapper = () => {
      throw new Error('canary');
    };
    const odd = (() => ({ status: 200, code: 'canary' })) as never;
    for (const mapper of [failing, odd]) {
      const { status, text } = await answerTo(new Error('canary'), [mapper]);
      expect([status, text.includes('canary')]).toEqual([500, false]);
    }
  });

  it('has answers that make sense, or the start fails', () => {
    const from = (answer: unknown) => () => constraintErrors({ a_key: answer as string });
    expect(from('email taken')).toThrow(/ApiError\.code/);
    expect(from({ code: 'X_Y', status: 200 })).toThrow(/constraintErrors\.a_key\.status/);
    expect(from({ code: 'X_Y', path: 'email' })).toThrow(/constraintErrors\.a_key\.path/);
    expect(from({ code: 'X_Y', message: 'x' })).toThrow(/constraintErrors\.a_key\.message/);
  });
});
