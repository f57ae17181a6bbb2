import { describe, expect, it } from 'vitest';
import { choose, identifier, join, like, rows, type Sql, sql, toDialect } from '../src/index.js';
import { attacks, shown } from './attacks.js';

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

describe('rows', () => {
  it('puts rows of values together', () => {
    expect(
      shown(
        sql`INSERT INTO t VALUES ${rows([
          [1, 'a'],
          [2, sql`now()`],
        ])}`,
      ),
    ).toEqual(['INSERT INTO t VALUES ($1, $2), ($3, now())', [1, 'a', 2]]);
  });

  it.each([
    [[], 'SQL_EMPTY_LIST'],
    [[[]], 'SQL_EMPTY_LIST'],
    [[[1], [1, 2]], 'SQL_RAGGED_ROWS'],
    [['ab'], 'SQL_VALUE_TYPE'],
    ['ab', 'SQL_VALUE_TYPE'],
  ])('refuses %j', (lists, code) => {
    expect(() => rows(lists as number[][])).toThrow(expect.objectContaining({ code }));
  });
});

describe('toDialect', () => {
  const query = sql`SELECT ${identifier('t.a', ['t.a'])} FROM t WHERE b = ${true} AND c LIKE ${like.contains('x')}`;

  it.each([
    ['postgres', `SELECT "t"."a" FROM t WHERE b = $1 AND c LIKE $2 ESCAPE '!'`, [true, '%x%']],
    ['mysql', "SELECT `t`.`a` FROM t WHERE b = ? AND c LIKE ? ESCAPE '!'", [true, '%x%']],
    ['sqlite', `SELECT "t"."a" FROM t WHERE b = ? AND c LIKE ? ESCAPE '!'`, [1, '%x%']],
  ] as const)('writes it for %s', (dialect, text, values) => {
    expect(toDialect(query, dialect)).toEqual({ text, values });
  });

  it('leaves lists to PostgreSQL, whose drivers keep them whole', () => {
    const list = sql`SELECT 1 WHERE a = ANY(${['b']})`;
    expect(toDialect(list, 'postgres').values).toEqual([['b']]);
    for (const dialect of ['mysql', 'sqlite'] as const)
      expect(() => toDialect(list, dialect)).toThrow(expect.objectContaining({ code: 'SQL_VALUE_TYPE' }));
  });

  it('gives bytes to drivers of MySQL as they know them, since they take other arrays apart', () => {
    const [bytes] = toDialect(sql`SELECT ${new Uint8Array([1, 2, 3]).subarray(1)}`, 'mysql').values;
    expect([Buffer.isBuffer(bytes), bytes]).toEqual([true, Buffer.from([2, 3])]);
  });

  it('leaves it to the author how SQLite keeps a date', () => {
    expect(() => toDialect(sql`SELECT ${new Date(0)}`, 'sqlite')).toThrow(
      expect.objectContaining({ code: 'SQL_VALUE_TYPE' }),
    );
  });

  it('refuses what is no query', () => {
    expect(() => toDialect('DROP' as unknown as Sql, 'mysql')).toThrow(
      expect.objectContaining({ code: 'SQL_NOT_A_QUERY' }),
    );
  });
});

describe('choose', () => {
  const orders = { newest: sql`created_at DESC`, title: sql`title ASC` };

  it('gives the fragment of a key', () => {
    expect(choose('newest', orders).text).toBe('created_at DESC');
  });

  it.each([...attacks, 'constructor', '__proto__', 'toString', '', ['newest'], undefined])(
    'refuses %j',
    (key) => {
      expect(() => choose(key as string, orders)).toThrow(
        expect.objectContaining({ code: 'SQL_CHOICE_NOT_ALLOWED' }),
      );
    },
  );

  it('refuses a text as a fragment', () => {
    expect(() => choose('a', { a: 'DROP' as unknown as Sql })).toThrow(/choose\.a is not a fragment/);
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
    expect(() => like.contains(['a'] as unknown as string)).toThrow(
      expect.objectContaining({ code: 'SQL_VALUE_TYPE' }),
    );
    expect(sql`title ILIKE ${like.contains('a')}`.text).toBe("title ILIKE $1 ESCAPE '!'");
  });
});
