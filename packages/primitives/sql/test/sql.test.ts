import * as fc from 'fast-check';
import libraryTag, { raw } from 'sql-template-tag';
import { describe, expect, it } from 'vitest';
import { choose, empty, isSql, join, like, type SqlValue, sql, toDialect } from '../src/index.js';
import { attacks, shown } from './attacks.js';

describe('sql', () => {
  it('makes a placeholder of every value and text of every fragment', () => {
    const where = sql`WHERE author = ${'ada'} AND hidden = ${false}`;
    const query = sql`SELECT id FROM posts ${where} ${empty}LIMIT ${5}`;
    expect(query.text).toBe('SELECT id FROM posts WHERE author = $1 AND hidden = $2 LIMIT $3');
    expect(toDialect(query, 'mysql').text).toBe(
      'SELECT id FROM posts WHERE author = ? AND hidden = ? LIMIT ?',
    );
    expect(query.values).toEqual(['ada', false, 5]);
  });

  it('never lets a value into the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom(...attacks)), (value) => {
        if (value.includes('\0')) {
          expect(() => sql`${value}`).toThrow(expect.objectContaining({ code: 'SQL_VALUE_NOT_STORABLE' }));
          return;
        }
        expect(shown(sql`SELECT ${value} WHERE a LIKE ${like.contains(value)}`)[0]).toBe(
          "SELECT $1 WHERE a LIKE $2 ESCAPE '!'",
        );
        expect(sql`SELECT ${value}`.values).toEqual([value]);
      }),
    );
  });

  it('takes every kind of value that a driver can send as one', () => {
    const values: SqlValue[] = ['', 0, 1n, true, null, new Date(0), new Uint8Array(2), ['a', ['b', null]]];
    expect(sql`${values}`.values).toEqual([values]);
  });

  it.each([
    [undefined, 'SQL_VALUE_TYPE'],
    [{ $ne: '' }, 'SQL_VALUE_TYPE'],
    [{ text: 'DROP TABLE posts', values: [] }, 'SQL_VALUE_TYPE'],
    [() => 1, 'SQL_VALUE_TYPE'],
    [Symbol('x'), 'SQL_VALUE_TYPE'],
    [[{ a: 1 }], 'SQL_VALUE_TYPE'],
    [new Map([['a', 1]]), 'SQL_VALUE_TYPE'],
    [Object.create(Date.prototype), 'SQL_VALUE_TYPE'],
    [Object.create(Uint8Array.prototype), 'SQL_VALUE_TYPE'],
    [new Float64Array(1), 'SQL_VALUE_TYPE'],
    [new String('a'), 'SQL_VALUE_TYPE'],
    [{ toString: () => 'DROP', toSqlString: () => 'DROP' }, 'SQL_VALUE_TYPE'],
    [raw('DROP TABLE posts'), 'SQL_UNKNOWN_FRAGMENT'],
    [libraryTag`DROP TABLE posts`, 'SQL_UNKNOWN_FRAGMENT'],
    [[sql`a`], 'SQL_VALUE_TYPE'],
  ])('refuses a value that is none (%#)', (value, code) => {
    expect(() => sql`SELECT ${value as unknown as string}`).toThrow(expect.objectContaining({ code }));
    expect(() => join([value as unknown as string])).toThrow(expect.objectContaining({ code }));
  });

  it('renumbers placeholders of fragments within fragments, and never uses one twice', () => {
    const inner = sql`b = ${2} OR ${sql`c = ${3}`}`;
    expect(shown(sql`a = ${1} AND (${inner}) AND (${inner}) AND d = ${4}`)).toEqual([
      'a = $1 AND (b = $2 OR c = $3) AND (b = $4 OR c = $5) AND d = $6',
      [1, 2, 3, 2, 3, 4],
    ]);
  });

  it.each([
    ['NaN', Number.NaN],
    ['infinity', Number.NEGATIVE_INFINITY],
    ['a date that is none', new Date(Number.NaN)],
    ['NUL, which PostgreSQL refuses', 'a\0b'],
    ['half of a surrogate pair, which would come back as another sign', 'a\ud83d'],
    ['one of them in a list', ['a', ['\0']]],
    ['a list that is nested too deep', [[[[[[['a']]]]]]]],
  ])('refuses what no database keeps as it is: %s', (_what, value) => {
    expect(() => sql`SELECT ${value}`).toThrow(expect.objectContaining({ code: 'SQL_VALUE_NOT_STORABLE' }));
  });

  it('refuses a list from outside that is nested without end, at once', () => {
    const nested: unknown = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    expect(() => sql`SELECT ${nested as string}`).toThrow(
      expect.objectContaining({ code: 'SQL_VALUE_NOT_STORABLE' }),
    );
  });

  it('keeps lists and dates as they were when the query was made, without what hangs on them', () => {
    const list = Object.assign(['a'], { toPostgres: () => 'DROP' });
    const date = Object.assign(new Date(5), { toSqlString: () => 'DROP' });
    const query = sql`SELECT ${list}, ${date}`;
    list[0] = 'b';
    date.setTime(9);
    expect(query.values).toEqual([['a'], new Date(5)]);
    expect(Object.keys(query.values[1] as object)).toEqual([]);
    expect(query.values[0]).not.toHaveProperty('toPostgres');
  });

  it('is not misled by a polluted prototype', () => {
    const pollution = {
      dialect: 'mysql',
      values: ['x'],
      text: 'DROP',
      strings: ['DROP'],
      raw: ['DROP'],
      toPostgres: () => 'DROP',
    };
    try {
      for (const [key, value] of Object.entries(pollution))
        Object.defineProperty(Object.prototype, key, { value, configurable: true, writable: true });
      expect(() => sql`SELECT ${{} as string}`).toThrow(expect.objectContaining({ code: 'SQL_VALUE_TYPE' }));
      expect(() => sql(['DROP'] as unknown as TemplateStringsArray)).toThrow(
        expect.objectContaining({ code: 'SQL_NOT_A_TEMPLATE' }),
      );
      expect(isSql({})).toBe(false);
      expect(shown(sql`SELECT ${'a'}`)).toEqual(['SELECT $1', ['a']]);
      expect(() => choose('text', {})).toThrow(expect.objectContaining({ code: 'SQL_CHOICE_NOT_ALLOWED' }));
    } finally {
      for (const key of Object.keys(pollution)) Reflect.deleteProperty(Object.prototype, key);
    }
  });

  it('shows neither text nor values where it is logged', () => {
    expect(JSON.stringify({ query: sql`SELECT ${'canary'}` })).toBe('{"query":{}}');
  });

  it('is refused with more values than a protocol counts', () => {
    const many = sql`SELECT 1 WHERE 1 IN (${join(Array(65_535).fill(1))})`;
    expect(many.values).toHaveLength(65_535);
    expect(() => sql`${many} OR 1 = ${1}`.text).toThrow(
      expect.objectContaining({ code: 'SQL_TOO_MANY_VALUES' }),
    );
    expect(() => toDialect(many, 'sqlite')).toThrow(expect.objectContaining({ code: 'SQL_TOO_MANY_VALUES' }));
  });

  it.each([
    ['DROP TABLE posts'],
    [['DROP TABLE posts']],
    [Object.assign(['DROP TABLE posts'], { raw: ['DROP TABLE posts'] })],
    [undefined],
  ])('refuses to be called without a template (%#)', (text) => {
    // @ts-expect-error a string is not a template
    const call = () => sql(text as string);
    expect(call).toThrow(expect.objectContaining({ code: 'SQL_NOT_A_TEMPLATE' }));
  });

  it('refuses a placeholder that was numbered by hand', () => {
    expect(() => sql`SELECT $1, ${'a'}`).toThrow(
      expect.objectContaining({ code: 'SQL_PLACEHOLDER_IN_TEXT' }),
    );
    expect(sql`SELECT ${'$1'}`.values).toEqual(['$1']);
  });

  it('cannot be changed once it is made', () => {
    const query = sql`SELECT ${'a'}`;
    expect(() => (query.values as unknown[]).push('b')).toThrow(TypeError);
    expect(() => ((query as unknown as { text: string }).text = 'DROP')).toThrow(TypeError);
    expect(() => Object.defineProperty(query, 'text', { value: 'DROP' })).toThrow(TypeError);
  });

  it('is known by what made it and not by its looks', () => {
    expect(isSql(sql`SELECT 1`)).toBe(true);
    for (const other of [
      'SELECT 1',
      null,
      { text: 'SELECT 1', values: [] },
      raw('SELECT 1'),
      Object.create(sql`a`),
    ]) {
      expect(isSql(other)).toBe(false);
    }
  });
});
