import { ConfigError, checkOptions, SecapiError } from '@secapi/kernel';
import { misuse, SqlFailedError, type SqlFailure } from './errors.js';
import { isSql, type Sql } from './sql.js';

/** What a runner stands on: `pg`, PGlite and others have it; so has a transaction of theirs. */
export interface SqlDriver {
  query(text: string, values: unknown[]): Promise<{ rows: unknown[] }>;
}

/** Options of {@link createRunner}. */
export interface RunnerOptions {
  /** `'numbered'` is `$1`, for PostgreSQL; `'question'` is `?`. @default 'numbered' */
  readonly placeholders?: 'numbered' | 'question';
}

/** Runs queries that {@link Sql} made, and nothing else. */
export interface Runner {
  /** The rows, in the database's order. `Row` is what the query selects, as its author says. */
  query<Row>(query: Sql): Promise<Row[]>;
  /** The only row, or `undefined` when there is none. Two are an error. */
  one<Row>(query: Sql): Promise<Row | undefined>;
}

/**
 * A runner over a driver. A plain string is refused by its type and at run time, with `SQL_NOT_A_QUERY`; so is an object that merely looks
 * like a query. What the database refuses comes as a {@link SqlFailedError}, without values.
 *
 * @throws ConfigError when the driver has no `query` or an option is unknown
 *
 * @example
 * ```ts
 * const db = createRunner(pool);
 * const post = await db.one<Post>(sql`SELECT id, title FROM posts WHERE id = ${id}`);
 * ```
 */
export function createRunner(driver: SqlDriver, options: RunnerOptions = {}): Runner {
  checkOptions('runner', options, ['placeholders']);
  const { placeholders = 'numbered' } = options;
  if (placeholders !== 'numbered' && placeholders !== 'question') {
    throw new ConfigError('runner.placeholders', 'is not known', "use 'numbered' ($1) or 'question' (?)");
  }
  if (typeof driver?.query !== 'function') {
    throw new ConfigError(
      'runner.driver',
      'has no query function',
      'pass { query(text, values) }, such as a pg pool',
    );
  }

  async function run<Row>(query: Sql): Promise<Row[]> {
    if (!isSql(query)) misuse('SQL_NOT_A_QUERY', 'only what sql`…` made is run: a plain string never is');
    const text = placeholders === 'numbered' ? query.text : query.sql;
    let result: { rows: unknown[] };
    try {
      result = await driver.query(text, [...query.values]);
    } catch (error) {
      // A coded error of a store says more, such as that the database is out of reach, and holds no value either.
      if (error instanceof SecapiError) throw error;
      throw new SqlFailedError(text, failureOf(error));
    }
    return result.rows as Row[]; // the author of the query knows what it selects
  }

  async function one<Row>(query: Sql): Promise<Row | undefined> {
    const rows = await run<Row>(query);
    if (rows.length > 1) misuse('SQL_TOO_MANY_ROWS', `one row was expected and ${rows.length} came`);
    return rows[0];
  }

  return { query: run, one };
}

const name = /^[A-Za-z_][A-Za-z0-9_$]{0,62}$/;
const code = /^(?:[0-9A-Z]{5}|[A-Z][A-Z0-9_]{2,39})$/;

function failureOf(error: unknown): SqlFailure {
  if (typeof error !== 'object' || error === null) return {};
  const read = (key: string, pattern: RegExp): string | undefined => {
    const value: unknown = Reflect.get(error, key);
    return typeof value === 'string' && pattern.test(value) ? value : undefined;
  };
  const found = {
    state: read('code', code),
    constraint: read('constraint', name),
    table: read('table', name),
    column: read('column', name),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}
