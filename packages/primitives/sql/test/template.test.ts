import { describe, expect, it } from 'vitest';
import { empty, type Sql, sql, toDialect } from '../src/index.js';

const [v, w] = ['x', 'y'];
const refuses = (code: string, make: () => unknown) =>
  expect(make).toThrow(expect.objectContaining({ code }));

describe('the text of a template', () => {
  it.each([
    ['single quotes', () => sql`SELECT '${v}'`],
    ['a pattern in quotes', () => sql`SELECT 1 FROM t WHERE a LIKE '%${v}%'`],
    ['a name in quotes', () => sql`SELECT "${v}" FROM t`],
    ['backquotes', () => sql`SELECT \`${v}\` FROM t`],
    ['dollar quotes', () => sql`SELECT $x$ ${v} $x$`],
    ['a comment', () => sql`SELECT 1 /* ${v} */`],
    [
      'a comment to the end of the line',
      () => sql`SELECT 1 -- ${v}
      FROM t`,
    ],
    ['quotes after quotes', () => sql`SELECT 'a', 'it''s ${v}'`],
    ['a fragment in quotes', () => sql`SELECT '${sql`a`}'`],
  ])('takes no value in %s', (_where, make) => refuses('SQL_VALUE_IN_QUOTES', make));

  it('takes values beside what is quoted or commented', () => {
    const query = sql`SELECT 'it''s', "a;b", '$1', $f$ it's; $f$, a[1] -- the first; it's
      FROM t /* "whole" */ WHERE a = ${v} AND b = 'x' AND c = ${w}::text AND d IN (${1},${2})`;
    expect(query.text.match(/\$\d+(?!')/g)).toEqual(['$1', '$2', '$3', '$4']);
  });

  it.each([
    ['quotes', () => sql`SELECT 'a`],
    ['a comment', () => sql`SELECT 1 /* a`],
    ['a comment without an end of its line', () => sql`SELECT 1 -- a`],
    ['dollar quotes', () => sql`SELECT $$ a`],
  ])('closes the %s that it opens, so that they never swallow another fragment', (_what, make) =>
    refuses('SQL_TEXT_UNCLOSED', make),
  );

  it.each([
    ['a statement behind another', () => sql`SELECT 1; SELECT ${v}`],
    ['a semicolon at the end', () => sql`SELECT 1;`],
  ])('is one statement: no %s', (_what, make) => refuses('SQL_MANY_STATEMENTS', make));

  it.each([
    [
      "a quote after a backslash, which ends a text in PostgreSQL and doesn't in MySQL",
      () => sql`SELECT 'a\\', ${v}`,
    ],
    [
      'two minus signs without a space, a comment in PostgreSQL and none in MySQL',
      () => sql`SELECT 1--1 , ${v}`,
    ],
    ['a comment that MySQL runs', () => sql`SELECT 1 /*!50000 , 2 */ , ${v}`],
    ['a comment that MariaDB runs', () => sql`SELECT 1 /*M! , 2 */ , ${v}`],
    ['a comment in a comment', () => sql`SELECT 1 /* a /* b */`],
    ['NUL', () => sql`SELECT 1 \0`],
  ])('holds nothing that databases read in different ways: %s', (_what, make) =>
    refuses('SQL_TEXT_AMBIGUOUS', make),
  );

  it.each([
    ['a digit behind it, which would make another placeholder', () => sql`LIMIT ${1}0`],
    ['a letter behind it', () => sql`SELECT 1 WHERE a = ${v}OR 1 = 1`],
    ['a letter before it', () => sql`SELECT x${v}`],
    ['a letter beyond ASCII before it', () => sql`SELECT é${v}`],
    ['another value', () => sql`SELECT ${v}${w}`],
    ['another value in a fragment', () => sql`SELECT ${sql`${v}`}${sql`${w}`}`],
    ['quotes before it', () => sql`SELECT 'a'${v}`],
    ['quotes behind it', () => sql`SELECT ${v}'a'`],
    ['empty quotes around it', () => sql`SELECT ''${v}''`],
    ['a minus sign before it: two begin a comment', () => sql`SELECT 1 -${-1}`],
  ])('keeps a value apart from %s', (_what, make) =>
    refuses('SQL_VALUE_TOUCHES_TEXT', () => (make() as Sql).text),
  );

  it('may put fragments right beside text, and values beside brackets and operators', () => {
    const query = sql`${empty}SELECT (${v})::text,${w} FROM t WHERE a=${1}+${2}${empty} ${empty}`;
    expect(query.text).toBe('SELECT ($1)::text,$2 FROM t WHERE a=$3+$4 ');
    expect(sql`${v}`.text).toBe('$1');
  });
});

describe('a dialect', () => {
  it.each([
    ['?', 'mysql', sql`SELECT a ? 'b'`],
    ['? in quotes', 'mysql', sql`SELECT 'what?', ${v}`],
    ['#', 'mysql', sql`SELECT 1 # ${v}`],
    ['$$', 'mysql', sql`SELECT $$ it's $$`],
    ['?', 'sqlite', sql`SELECT ?, ${v}`],
    [':name', 'sqlite', sql`SELECT :a, ${v}`],
    ['@name', 'sqlite', sql`SELECT @a, ${v}`],
    ['$name', 'sqlite', sql`SELECT $a, ${v}`],
    ['`', 'postgres', sql`SELECT \`a\``],
  ] as const)('refuses %s where it means another thing: in %s', (_sign, dialect, query) => {
    refuses('SQL_TEXT_AMBIGUOUS', () => toDialect(query, dialect));
  });

  it('takes the same signs where they mean nothing', () => {
    expect(toDialect(sql`SELECT a ? 'b', a #> ${v} FROM t`, 'postgres').text).toBe(
      `SELECT a ? 'b', a #> $1 FROM t`,
    );
    expect(toDialect(sql`SELECT \`a\`, @b FROM t WHERE c = ${v}`, 'mysql').text).toBe(
      'SELECT `a`, @b FROM t WHERE c = ?',
    );
  });
});
