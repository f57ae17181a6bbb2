import { ConfigError, type Duration, sha256, toHex } from '@secapi/kernel';
import type { Database } from './database.js';
import { DatabaseError } from './errors.js';
import { ownMigrations } from './migrations.js';

/** One step of a schema. What has run once is never edited: write a new one. */
export interface Migration {
  /** Its place in the order: whole numbers from 1 up. */
  readonly number: number;
  /** What it does, for people. */
  readonly name: string;
  /** Statements, each a text of its own. */
  readonly statements: readonly string[];
}

/** What a run of {@link migrate} did. */
export interface MigrationReport {
  /** What ran now, as `secapi/1` or `app/1`. */
  readonly applied: readonly string[];
}

// Any fixed number does; it only has to be the same in every process: "secapi" in ASCII.
const lock = '126879396159593';

/**
 * Brings the tables of secapi's stores up to date, and then your own, if you pass `extra`.
 *
 * All of it is one transaction under one lock: any number of processes may call it at once, one does the work, and after a
 * crash there is either the old schema or the new one. Each migration is recorded with a checksum.
 *
 * @param extra your own migrations, numbered on their own
 * @param options `deadline`: how long it may take, waiting for other processes included (default five minutes)
 * @throws ConfigError when `extra` is not usable
 * @throws DatabaseError `MIGRATION_CHANGED` when one that ran was edited since, `MIGRATION_OUT_OF_ORDER` when a new one is numbered below one that ran
 */
export async function migrate(
  db: Database,
  extra: readonly Migration[] = [],
  options: { readonly deadline?: Duration } = {},
): Promise<MigrationReport> {
  checkMigrations(extra);
  const sets = [
    { owner: 'secapi', migrations: ownMigrations },
    { owner: 'app', migrations: [...extra].sort((a, b) => a.number - b.number) },
  ];
  return db.transaction(
    async (tx) => {
      // Before the first statement that depends on what others did: its snapshot must come after they committed.
      await tx.query('SELECT pg_advisory_xact_lock($1::bigint)', [lock]);
      await tx.query(
        'CREATE TABLE IF NOT EXISTS secapi_migration (owner text NOT NULL, number integer NOT NULL, name text NOT NULL, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (owner, number))',
      );
      const applied: string[] = [];
      for (const { owner, migrations } of sets) applied.push(...(await apply(tx, owner, migrations)));
      return { applied };
    },
    { deadline: options.deadline ?? '5m' },
  );
}

async function apply(tx: Database, owner: string, migrations: readonly Migration[]): Promise<string[]> {
  const { rows } = await tx.query<{ number: number; checksum: string }>(
    'SELECT number, checksum FROM secapi_migration WHERE owner = $1',
    [owner],
  );
  const known = new Map(rows.map((row) => [row.number, row.checksum]));
  const newest = Math.max(0, ...known.keys());
  const applied: string[] = [];
  for (const migration of migrations) {
    const id = `${owner}/${migration.number}`;
    const checksum = await checksumOf(migration);
    const recorded = known.get(migration.number);
    if (recorded === checksum) continue;
    if (recorded !== undefined) {
      throw new DatabaseError(
        'MIGRATION_CHANGED',
        `migration ${id} was edited after it ran: restore it and add a new one`,
      );
    }
    if (migration.number < newest) {
      throw new DatabaseError(
        'MIGRATION_OUT_OF_ORDER',
        `migration ${id} is new, but ${owner}/${newest} ran already: give it a higher number`,
      );
    }
    for (const statement of migration.statements) await tx.query(statement);
    await tx.query('INSERT INTO secapi_migration (owner, number, name, checksum) VALUES ($1, $2, $3, $4)', [
      owner,
      migration.number,
      migration.name,
      checksum,
    ]);
    applied.push(id);
  }
  return applied;
}

// The name may be reworded; what ran may not.
async function checksumOf({ statements }: Migration): Promise<string> {
  return toHex(await sha256(JSON.stringify(statements)));
}

function checkMigrations(migrations: readonly Migration[]): void {
  const seen = new Set<number>();
  for (const { number, name, statements } of migrations) {
    if (!Number.isInteger(number) || number < 1 || number > 2_147_483_647) {
      throw new ConfigError('migrate.extra', `has a migration numbered ${number}`, 'number them 1, 2, 3 …');
    }
    if (seen.has(number)) {
      throw new ConfigError(
        'migrate.extra',
        `has two migrations numbered ${number}`,
        'give each its own number',
      );
    }
    seen.add(number);
    if (name === '' || statements.length === 0) {
      throw new ConfigError(
        `migrate.extra ${number}`,
        'is empty',
        'give it a name and at least one statement',
      );
    }
  }
}
