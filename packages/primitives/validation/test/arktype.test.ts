import { type } from 'arktype';
import * as v from 'valibot';
import { describe, expect, expectTypeOf, it } from 'vitest';
import * as z from 'zod';
import { declaredKeys, type MaybePromise, type ValidationResult, validate } from '../src/index.js';

const NewPost = type({
  title: '2 <= string <= 10',
  'rank?': '1 <= number <= 5',
  'tags?': '1 <= string[] <= 2',
  'mail?': 'string.email',
  'state?': "'draft' | 'published'",
  'author?': { name: 'string' },
});

describe('validate with arktype', () => {
  it("gives the schema's output, synchronously and typed by it", () => {
    const Page = type({ limit: 'string.integer.parse' });
    const result = validate(Page, { limit: '7' });
    expectTypeOf(result).toEqualTypeOf<MaybePromise<ValidationResult<{ limit: number }>>>();
    expect(result).toEqual({ ok: true, value: { limit: 7 } });
    const post = { title: 'abc', rank: 5, tags: ['a'], mail: 'ann@example.org', author: { name: 'Ann' } };
    expect(validate(NewPost, post)).toEqual({ ok: true, value: post });
  });

  it.each([
    [{}, ['/title missing']],
    [{ title: 'abc', role: 'admin' }, ['/role unknown_key']],
    [{ title: 'abc', author: { name: 'a', admin: true } }, ['/author/admin unknown_key']],
    [{ title: 7 }, ['/title type']],
    [{ title: 'abc', author: {} }, ['/author/name missing']],
    [{ title: 'abc', tags: ['a', 2] }, ['/tags/1 type']],
    [{ title: 'a' }, ['/title min_length']],
    [{ title: 'a very long title' }, ['/title max_length']],
    [{ title: 'abc', tags: ['a', 'b', 'c'] }, ['/tags max_length']],
    [{ title: 'abc', rank: 0 }, ['/rank min_value']],
    [{ title: 'abc', rank: 6 }, ['/rank max_value']],
    [{ title: 'abc', mail: 'nobody' }, ['/mail format']],
    [{ title: 'abc', state: 'gone' }, ['/state invalid']],
    [null, [' type']],
    [undefined, [' type']],
  ])('says where and what is wrong in %j', (value, expected) => {
    const result = validate(NewPost, value);
    if (result instanceof Promise || result.ok) throw new Error('was not refused');
    expect(result.issues.map(({ path, code }) => `${path} ${code}`)).toEqual(expected);
  });

  it('leaves what is not declared out of an answer, at any depth and in lists', () => {
    const View = type({ id: 'string', author: { name: 'string' } }).array();
    const record = { id: '1', passwordHash: 'canary', author: { name: 'Ann', email: 'canary' } };
    expect(validate(View, [record], 'answer')).toEqual({
      ok: true,
      value: [{ id: '1', author: { name: 'Ann' } }],
    });
    expect(validate(View, [record])).toMatchObject({ ok: false });
    expect(record.passwordHash).toBe('canary');
  });

  it('never tells what was received, whatever the library says', () => {
    const canary = 'canary-5up3r-s3cret';
    const Own = type({
      mail: 'string.email',
      role: "'user'",
      own: type('string').narrow((text, context) => context.reject(`something else than ${text}`)),
    });
    const result = validate(Own, { mail: canary, role: canary, own: canary });
    expect(result).toMatchObject({ ok: false });
    expect(JSON.stringify(result)).not.toContain('canary');
  });
});

it('declaredKeys tells the keys of an object of each library, and nothing where it cannot', () => {
  expect(declaredKeys(v.strictObject({ a: v.string(), b: v.optional(v.string()) }))).toEqual(['a', 'b']);
  expect(
    declaredKeys(
      v.pipe(
        v.object({ a: v.string() }),
        v.check(() => true),
      ),
    ),
  ).toEqual(['a']);
  expect(declaredKeys(z.object({ a: z.string(), b: z.string().optional() }))).toEqual(['a', 'b']);
  expect(declaredKeys(type({ a: 'string', 'b?': 'string' }))).toEqual(['a', 'b']);
  for (const schema of [v.string(), z.record(z.string(), z.string()), type('string'), v.array(v.string())])
    expect(declaredKeys(schema)).toBeUndefined();
});
