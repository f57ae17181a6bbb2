import { describe, expect, expectTypeOf, it } from 'vitest';
import * as z from 'zod';
import { type MaybePromise, type ValidationResult, validate } from '../src/index.js';

const NewPost = z.strictObject({
  title: z.string().trim().min(2).max(10),
  rank: z.number().min(1).max(5).optional(),
  tags: z.array(z.string()).min(1).max(2).optional(),
  mail: z.email().optional(),
  state: z.enum(['draft', 'published']).default('draft'),
  author: z.strictObject({ name: z.string() }).optional(),
});

describe('validate with zod', () => {
  it("gives the schema's output, synchronously and typed by it", () => {
    const Page = z.strictObject({ limit: z.string().transform(Number), state: z.string().default('draft') });
    const result = validate(Page, { limit: '7' });
    expectTypeOf(result).toEqualTypeOf<MaybePromise<ValidationResult<{ limit: number; state: string }>>>();
    expect(result).toEqual({ ok: true, value: { limit: 7, state: 'draft' } });
    expect(validate(NewPost, { title: ' abc ', rank: 5, tags: ['a'], mail: 'ann@example.org' })).toEqual({
      ok: true,
      value: { title: 'abc', rank: 5, tags: ['a'], mail: 'ann@example.org', state: 'draft' },
    });
  });

  it.each([
    [{ title: 'abc', role: 'admin' }, ['/role unknown_key']],
    [{ title: 'abc', role: 'admin', id: 1 }, ['/role unknown_key', '/id unknown_key']],
    [{ title: 'abc', 'a/b~c': 1 }, ['/a~1b~0c unknown_key']],
    [{ title: 'abc', author: { name: 'a', admin: true } }, ['/author/admin unknown_key']],
    [{ title: 7 }, ['/title type']],
    [{ title: 'abc', author: [] }, ['/author type']],
    [{ title: 'abc', tags: ['a', 2] }, ['/tags/1 type']],
    [{ title: 'a' }, ['/title min_length']],
    [{ title: 'a very long title' }, ['/title max_length']],
    [{ title: 'abc', tags: [] }, ['/tags min_length']],
    [{ title: 'abc', tags: ['a', 'b', 'c'] }, ['/tags max_length']],
    [{ title: 'abc', rank: 0 }, ['/rank min_value']],
    [{ title: 'abc', rank: 6 }, ['/rank max_value']],
    [{ title: 'abc', mail: 'nobody' }, ['/mail format']],
    [{ title: 'abc', state: 'gone' }, ['/state invalid']],
    [[], [' type']],
    [null, [' type']],
    [undefined, [' type']],
  ])('says where and what is wrong in %j', (value, expected) => {
    expect(found(validate(NewPost, value))).toEqual(expected);
  });

  it.each([
    [NewPost, {}, ['/title missing']],
    [NewPost, { title: undefined }, ['/title missing']],
    [NewPost, { title: null }, ['/title type']],
    [NewPost, { title: 'abc', author: {} }, ['/author/name missing']],
    [
      z.strictObject({ a: z.enum(['x']), b: z.union([z.string(), z.number()]) }),
      {},
      ['/a missing', '/b missing'],
    ],
    [
      z.array(z.strictObject({ a: z.int() })),
      [{}, { a: 1.5 }, { b: 1 }],
      ['/0/a missing', '/1/a type', '/2/a missing', '/2/b unknown_key'],
    ],
  ])('tells what is missing from what is of the wrong type %#', (schema, value, expected) => {
    expect(found(validate(schema, value))).toEqual(expected);
  });

  it('names bounds but never what was received', () => {
    const canary = 'canary-5up3r-s3cret';
    const Login = z.strictObject({
      mail: z.email(),
      password: z.string().max(5),
      role: z.enum(['user']),
      n: z.number().max(3),
      own: z.string().refine(() => false, { error: (issue) => `bad ${String(issue.input)}` }),
    });
    const result = validate(Login, {
      mail: canary,
      password: canary,
      role: canary,
      n: 7_654_321,
      own: canary,
    });
    expect(JSON.stringify(result)).not.toMatch(/canary|7654321/);
    expect(result).toMatchObject({
      issues: [
        { path: '/mail', code: 'format', message: 'Has the wrong format.' },
        { path: '/password', code: 'max_length', message: 'Is too long: at most 5.' },
        { path: '/role', code: 'invalid' },
        { path: '/n', code: 'max_value', message: 'Is too large: at most 3.' },
        { path: '/own', code: 'invalid' },
      ],
    });
  });

  it('waits for an asynchronous schema', async () => {
    const schema = z.string().refine(async (text) => text === 'free');
    const result = validate(schema, 'free');
    expect(result).toBeInstanceOf(Promise);
    expect(await result).toEqual({ ok: true, value: 'free' });
    expect(await validate(schema, 'taken')).toMatchObject({
      ok: false,
      issues: [{ path: '', code: 'invalid' }],
    });
  });
});

/** Where and what was found wrong. */
function found(result: MaybePromise<ValidationResult<unknown>>): string[] {
  if (result instanceof Promise || result.ok) throw new Error('was not refused');
  return result.issues.map(({ path, code }) => `${path} ${code}`);
}
