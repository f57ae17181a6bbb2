import { ConfigError, checkOptions, type Duration, toMilliseconds } from '@secapi/kernel';
import { misuse } from './errors.js';
import { type MysqlDriver, mysqlSession } from './internal/mysql.js';
import { postgresSession, type SqlDriver } from './internal/postgres.js';
import type { Answer, Session } from './internal/session.js';
import { type SqliteDriver, sqliteSession } from './internal/sqlite.js';
import { inTransaction } from './internal/transaction.js';
import { type Dialect, isSql, type Sql, toDialect } from './sql.js';

/** Options of {@link createRunner}. */
export interface RunnerOptions<For extends Dialect = Dialect> {
  /** Which database the driver speaks to. @default 'postgres' */
  readonly dialect?: For;
  /**
   * How long a transaction may take, its function's own waiting included. One that is late is rolled back, and its connection cut.
   * @default '10s'
   */
  readonly deadline?: Duration;
}

/** What came of a statement that changes rows. */
export interface SqlChange {
  /** How many rows it changed; `undefined` where the driver doesn't say it, as that of `@secapi/postgres`: use `RETURNING`. */
  readonly affected: number | undefined;
  /** The number that MySQL or SQLite gave to a new row. */
  readonly id: number | bigint | undefined;
}

/** Runs queries that {@link Sql} made, and nothing else. */
export interface Runner {
  /** The rows, in the database's order. `Row` is what the query selects, as its author says. */
  query<Row>(query: Sql): Promise<Row[]>;
  /** The only row, or `undefined` when there is none. Two are an error. */
  one<Row>(query: Sql): Promise<Row | undefined>;
  /** For a statement that changes rows and gives none. */
  execute(query: Sql): Promise<SqlChange>;
  /**
   * Runs a function in a transaction: committed when it resolves, rolled back when it rejects, when it is late, and when one of its statements
   * failed, even if the function went on. Within one it is a savepoint: what failed in it is undone, and the rest goes on.
   *
   * @throws ConfigError when the driver has no transactions, such as a single client of `pg`
   * @throws SecapiError `SQL_DEADLINE` when it was late, `SQL_TRANSACTION_ENDED` for a handle that is used after the end, `SQL_TRANSACTION_BUSY` for one
   * that is used while one within it is open
   */
  transaction<T>(run: (tx: Runner) => Promise<T>): Promise<T>;
}

/**
 * A runner over a driver. A plain string is refused by its type and at run time, with `SQL_NOT_A_QUERY`; so is an object that merely looks
 * like a query. What the database refuses comes as a {@link SqlFailedError}, without values.
 *
 * @throws ConfigError when the driver doesn't fit or an option is unknown
 *
 * @example
 * ```ts
 * const db = createRunner(pool);
 * const post = await db.one<Post>(sql`SELECT id, title FROM posts WHERE id = ${id}`);
 * ```
 */
export function createRunner(driver: SqlDriver, options?: RunnerOptions<'postgres'>): Runner;
export function createRunner(
  driver: MysqlDriver,
  options: RunnerOptions<'mysql'> & { readonly dialect: 'mysql' },
): Runner;
export function createRunner(
  driver: SqliteDriver,
  options: RunnerOptions<'sqlite'> & { readonly dialect: 'sqlite' },
): Runner;
export function createRunner(
  driver: SqlDriver | MysqlDriver | SqliteDriver,
  options: RunnerOptions = {},
): Runner {
  checkOptions('runner', options, ['dialect', 'deadline']);
  // What an object inherits is nobody's option: a polluted prototype must not choose the grammar.
  const { dialect = 'postgres', deadline = '10s' } = Object.assign(
    Object.create(null) as RunnerOptions,
    options,
  );
  if (!Object.hasOwn(sessions, dialect)) {
    throw new ConfigError('runner.dialect', 'is not known', "use 'postgres', 'mysql' or 'sqlite'");
  }
  const limit = toMilliseconds('runner.deadline', deadline, { max: 3_600 });
  return runnerOver(sessions[dialect](driver as never), dialect, limit); // see `sessions`
}

/** The overloads above hold each driver to its dialect, and each session looks for what it needs. */
const sessions: Readonly<Record<Dialect, (driver: never) => Session>> = {
  postgres: postgresSession,
  mysql: mysqlSession,
  sqlite: sqliteSession,
};

function runnerOver(session: Session, dialect: Dialect, limit: number | undefined): Runner {
  async function send(query: Sql, want: 'rows' | 'changes'): Promise<Answer> {
    if (!isSql(query)) misuse('SQL_NOT_A_QUERY', 'only what sql`…` made is run: a plain string never is');
    const { text, values } = toDialect(query, dialect);
    return session.send(text, values, want);
  }

  async function run<Row>(query: Sql): Promise<Row[]> {
    const { rows } = await send(query, 'rows');
    return rows as Row[]; // the author of the query knows what it selects
  }

  async function one<Row>(query: Sql): Promise<Row | undefined> {
    const rows = await run<Row>(query);
    if (rows.length > 1) misuse('SQL_TOO_MANY_ROWS', `one row was expected and ${rows.length} came`);
    return rows[0];
  }

  async function execute(query: Sql): Promise<SqlChange> {
    const { affected, id } = await send(query, 'changes');
    return { affected, id };
  }

  async function transaction<T>(work: (tx: Runner) => Promise<T>): Promise<T> {
    // The outermost deadline bounds those within.
    return inTransaction(session, limit, (inner) => work(runnerOver(inner, dialect, undefined)));
  }

  return { query: run, one, execute, transaction };
}
