import * as fc from 'fast-check';
import libraryTag, { raw } from 'sql-template-tag';
import { describe, expect, it } from 'vitest';
import { empty, identifier, isSql, join, like, type Sql, type SqlValue, sql } from '../src/index.js';

const shown = ({ text, values }: Sql) => [text, values];
const attacks = [
  "'; DROP TABLE posts; --",
  "' OR '1'='1",
  '"; --',
  '\\',
  '$1',
  '{1}',
  '\u0000',
  '/*',
  '\u02bc OR 1=1',
];

describe('sql', () => {
  it('makes a placeholder of every value and text of every fragment', () => {
    const where = sql`WHERE author = ${'ada'} AND hidden = ${false}`;
    const query = sql`SELECT id FROM posts ${where} ${empty}LIMIT ${5}`;
    expect(query.text).toBe('SELECT id FROM posts WHERE author = $1 AND hidden = $2 LIMIT $3');
    expect(query.sql).toBe('SELECT id FROM posts WHERE author = ? AND hidden = ? LIMIT ?');
    expect(query.values).toEqual(['ada', false, 5]);
  });

  it('never lets a value into the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom(...attacks)), (value) => {
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
    [raw('DROP TABLE posts'), 'SQL_UNKNOWN_FRAGMENT'],
    [libraryTag`DROP TABLE posts`, 'SQL_UNKNOWN_FRAGMENT'],
    [[sql`a`], 'SQL_UNKNOWN_FRAGMENT'],
  ])('refuses a value that is none (%#)', (value, code) => {
    expect(() => sql`SELECT ${value as unknown as string}`).toThrow(expect.objectContaining({ code }));
    expect(() => join([value as unknown as string])).toThrow(expect.objectContaining({ code }));
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
    expect(() => ((query as unknown as { strings: string[] }).strings[0] = 'DROP')).toThrow(TypeError);
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

describe('join', () => {
  it('puts values and fragments together', () => {
    expect(shown(sql`id IN (${join([1, 2, 3])})`)).toEqual(['id IN ($1, $2, $3)', [1, 2, 3]]);
    expect(shown(join([sql`a = ${1}`, sql`b = ${2}`], ' AND '))).toEqual(['a = $1 AND b = $2', [1, 2]]);
  });

  it('refuses an empty list and a separator of somebody else', () => {
    expect(() => join([])).toThrow(expect.objectContaining({ code: 'SQL_EMPTY_LIST' }));
    // @ts-expect-error not one of the separators
    expect(() => join([1, 2], '); DROP TABLE posts; --')).toThrow(
      expect.objectContaining({ code: 'SQL_UNKNOWN_FRAGMENT' }),
    );
  });
});

describe('identifier', () => {
  it('quotes one of the names that are listed', () => {
    expect(identifier('created_at', ['created_at', 'title']).text).toBe('"created_at"');
    expect(sql`ORDER BY ${identifier('posts.title', ['posts.title'])} DESC`.text).toBe(
      'ORDER BY "posts"."title" DESC',
    );
  });

  it.each([...attacks, 'password', 'Title', 'title ', 'constructor', ''])(
    'refuses %j, which is not listed',
    (name) => {
      expect(() => identifier(name, ['title'])).toThrow(
        expect.objectContaining({ code: 'SQL_IDENTIFIER_NOT_ALLOWED' }),
      );
    },
  );

  it('says nothing of what was asked for', () => {
    expect(() => identifier('canary', ['title'])).not.toThrow(/canary/);
  });

  it.each([[[]], [['a"b']], [['a b']], [['a.b.c']], [['1a']], [['x'.repeat(64)]]])(
    'refuses the list %j',
    (allowed) => {
      expect(() => identifier('a', allowed)).toThrow(/identifier\.allowed/);
    },
  );
});

describe('like', () => {
  it('lets the signs of a pattern stand for themselves', () => {
    expect(like.contains('50%_!').values).toEqual(['%50!%!_!!%']);
    expect(like.startsWith('a%').values).toEqual(['a!%%']);
    expect(like.endsWith('a\\').values).toEqual(['%a\\']);
    expect(sql`title ILIKE ${like.contains('a')}`.text).toBe("title ILIKE $1 ESCAPE '!'");
  });
});
