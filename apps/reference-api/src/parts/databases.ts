import { accessSync, constants, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Database, fromPg, pgPoolOptions } from '@secapi/postgres';
import { openPglite } from '@secapi/postgres/pglite';
import pg from 'pg';

/** Opens the database that a URL names: an embedded one in memory or in a folder, or a server. */
export async function openDatabase(url: string): Promise<Database> {
  if (url === 'memory:') return openPglite({ folder: 'memory', ...template() });
  if (url.startsWith('file:')) return openPglite({ folder: url.slice('file:'.length), ...template() });
  const options = { connectionString: url, max: 20, connectionTimeoutMillis: 3_000 };
  return fromPg(new pg.Pool({ ...options, ...pgPoolOptions({ deadline: '5s' }) }));
}

/**
 * An initialised database, kept beside the program once it was made, so that the next new one starts in a second instead
 * of seven. It holds no data, and only its own version of PGlite can read it. Where nothing can be kept, there is none.
 */
function template(): { readonly dump?: string } {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const { version } = JSON.parse(readFileSync(join(dirname(entry), '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  const folder = join(import.meta.dirname, '..', '.cache');
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch {
    return {};
  }
  return { dump: join(folder, `postgres-template-${version}.tar.gz`) };
}
