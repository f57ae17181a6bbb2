import * as v from 'valibot';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  fields,
  type MaybePromise,
  type StandardSchemaV1,
  strictObject,
  type ValidationResult,
  validate,
} from '../src/index.js';

const NewPost = strictObject({
  title: fields.title({ max: 10 }),
  html: fields.html(),
  tags: v.optional(v.array(v.string())),
});

describe('validate', () => {
  it("gives the schema's output, synchronously", () => {
    expect(validate(NewPost, { title: ' a ', html: 'x' })).toEqual({
      ok: true,
      value: { title: 'a', html: 'x' },
    });
  });

  it('is typed by what the schema gives, not by what it takes', () => {
    const Page = strictObject({
      limit: fields.limit(),
      cursor: fields.cursor(),
      role: fields.role(['user', 'admin']),
    });
    type Page = { limit: number; cursor?: string | undefined; role: 'user' | 'admin' };
    expectTypeOf(validate(Page, {})).toEqualTypeOf<MaybePromise<ValidationResult<Page>>>();
    expect(validate(Page, { limit: '7', role: 'user' })).toEqual({
      ok: true,
      value: { limit: 7, role: 'user' },
    });
  });

  it.each([
    [{}, ['/title missing', '/html missing']],
    [{ title: 'a', html: 'x', role: 'admin' }, ['/role unknown_key']],
    [{ title: 'a', html: 'x', 'a/b~c': 1 }, ['/a~1b~0c unknown_key']],
    [{ title: 1, html: null }, ['/title type', '/html type']],
    [{ title: 'a very long title', html: '' }, ['/title max_length', '/html min_length']],
    [{ title: 'a', html: 'x', tags: ['a', 2] }, ['/tags/1 type']],
    [[], [' type']],
    [['a'], [' type']],
    ['text', [' type']],
    [null, [' type']],
    [undefined, [' type']],
  ])('says where and what is wrong in %j', (value, expected) => {
    const result = validate(NewPost, value);
    if (result instanceof Promise || result.ok) throw new Error('was not refused');
    expect(result.issues.map(({ path, code }) => `${path} ${code}`)).toEqual(expected);
  });

  it('refuses an array where every key may be left out', () => {
    expect(validate(strictObject({ a: v.optional(v.string()) }), [])).toMatchObject({ ok: false });
    expect(validate(v.strictObject({ a: v.optional(strictObject({})) }), { a: [] })).toMatchObject({
      ok: false,
    });
    expect(validate(strictObject({ a: v.optional(v.string()) }), {})).toEqual({ ok: true, value: {} });
  });

  it('names bounds but never what was received', () => {
    const canary = 'canary-5up3r-s3cret';
    const Login = strictObject({
      email: fields.email(),
      password: fields.password({ max: 5 }),
      role: fields.role(['user']),
      n: v.pipe(v.number(), v.maxValue(3)),
      c: v.pipe(
        v.string(),
        v.check(
          () => false,
          (issue) => `bad ${issue.received}`,
        ),
      ),
      d: v.pipe(
        v.string(),
        v.check(() => false, 'format'),
      ),
    });
    const result = validate(Login, {
      email: canary,
      password: canary,
      role: canary,
      n: 7_654_321,
      c: canary,
      d: canary,
    });
    expect(JSON.stringify(result)).not.toMatch(/canary|7654321/);
    expect(result).toMatchObject({
      issues: [
        { path: '/email', code: 'format' },
        { path: '/password', code: 'max_length', message: 'Is too long: at most 5.' },
        { path: '/role', code: 'invalid' },
        { path: '/n', code: 'max_value', message: 'Is too large: at most 3.' },
        { path: '/c', code: 'invalid' },
        { path: '/d', code: 'format' },
      ],
    });
  });

  it('never gives a text that is too long to a pattern', () => {
    let asked = 0;
    const schema = v.pipe(
      v.string(),
      v.maxLength(3),
      v.check(() => ++asked > 0),
    );
    expect(validate(schema, 'long text')).toMatchObject({ ok: false, issues: [{ code: 'max_length' }] });
    expect(asked).toBe(0);
    validate(schema, 'abc');
    expect(asked).toBe(1);
  });

  it('tells 32 problems at most, and of a long key its beginning', () => {
    const many = validate(
      v.array(v.string()),
      Array.from({ length: 500 }, () => 1),
    );
    expect(many).toMatchObject({ ok: false });
    expect(many instanceof Promise || many.ok || many.issues.length).toBe(32);
    const wide = validate(strictObject({}), { ['k'.repeat(10_000)]: 1 });
    expect(wide).toMatchObject({ issues: [{ path: `/${'k'.repeat(64)}` }] });
  });

  it('waits for an asynchronous schema', async () => {
    const schema = v.pipeAsync(
      v.string(),
      v.checkAsync(async (text) => text === 'free'),
    );
    const result = validate(schema, 'free');
    expect(result).toBeInstanceOf(Promise);
    expect(await result).toEqual({ ok: true, value: 'free' });
    expect(await validate(schema, 'taken')).toMatchObject({
      ok: false,
      issues: [{ path: '', code: 'invalid' }],
    });
  });
});

describe('validate with other libraries', () => {
  const standard = (vendor: string, run: StandardSchemaV1.Props['validate']): StandardSchemaV1 => ({
    '~standard': { version: 1, vendor, validate: run },
  });

  it('takes any Standard Schema, and none of its words', async () => {
    const odd = standard('some-library', (value) =>
      typeof value === 'number'
        ? { value: value * 2 }
        : { issues: [{ message: `must be a number (was ${value})`, path: ['a', { key: 0 }] }] },
    );
    expect(validate(odd, 4)).toEqual({ ok: true, value: 8 });
    expect(validate(odd, 'canary')).toEqual({
      ok: false,
      issues: [{ path: '/a/0', code: 'invalid', message: 'Is not valid.' }],
    });
    const later = standard('other', async (value) => ({ value }));
    expect(await validate(later, 4)).toEqual({ ok: true, value: 4 });
  });

  it('takes no answer of a schema that says neither yes nor no, and passes on what a schema throws', async () => {
    const results = [{}, { issues: undefined }] as unknown as StandardSchemaV1.Result<unknown>[];
    for (const result of results) {
      expect(() =>
        validate(
          standard('other', () => result),
          1,
        ),
      ).toThrow(/neither a value nor issues/);
      await expect(
        validate(
          standard('other', async () => result),
          1,
        ),
      ).rejects.toThrow(/neither a value nor issues/);
    }
    expect(
      validate(
        standard('other', () => ({ issues: [] })),
        1,
      ),
    ).toEqual({ ok: false, issues: [] });
    const fails = (): never => {
      throw new RangeError('broken');
    };
    for (const schema of [standard('other', fails), v.pipe(v.string(), v.check(fails))])
      expect(() => validate(schema, 'x')).toThrow('broken');
    await expect(
      validate(
        standard('other', async () => fails()),
        1,
      ),
    ).rejects.toThrow('broken');
    await expect(
      validate(
        v.pipeAsync(
          v.string(),
          v.checkAsync(async () => fails()),
        ),
        'x',
      ),
    ).rejects.toThrow('broken');
  });

  it.each([
    [{ code: 'invalid_type', expected: 'string', path: ['a'] }, '/a type'],
    [{ code: 'unrecognized_keys', keys: ['x', 'y'], path: ['a'] }, '/a/x unknown_key /a/y unknown_key'],
    [{ code: 'too_small', origin: 'string', minimum: 3, path: ['a'] }, '/a min_length'],
    [{ code: 'too_small', origin: 'number', minimum: 3, path: ['a'] }, '/a min_value'],
    [{ code: 'too_big', origin: 'array', maximum: 3, path: [] }, ' max_length'],
    [{ code: 'too_big', origin: 'int', maximum: 3, path: ['a'] }, '/a max_value'],
    [{ code: 'invalid_format', format: 'email', path: ['a'] }, '/a format'],
    [{ code: 'custom', path: ['a'] }, '/a invalid'],
    [{ code: 'constructor', path: ['a'] }, '/a invalid'],
  ])("tells zod's %j by the same codes", (issue, expected) => {
    const result = validate(
      standard('zod', () => ({ issues: [{ message: 'canary', ...issue }] })),
      1,
    );
    if (result instanceof Promise || result.ok) throw new Error('was not refused');
    const { issues } = result;
    expect(issues.map(({ path, code }) => `${path} ${code}`).join(' ')).toBe(expected);
    expect(JSON.stringify(issues)).not.toContain('canary');
  });
});
