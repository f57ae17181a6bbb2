import { join } from 'node:path';
import { type Database, fromPg } from '@secapi/postgres';
import { openPglite } from '@secapi/postgres/pglite';
import pg from 'pg';

/** Opens the database that a URL names: an embedded one in memory or in a folder, or a server. */
export async function openDatabase(url: string, dataFolder: string): Promise<Database> {
  // An initialised database is kept as a dump, so that the next new one starts in a second.
  const dump = join(dataFolder, 'postgres-template.tar.gz');
  if (url === 'memory:') return openPglite({ folder: 'memory', dump });
  if (url.startsWith('file:')) return openPglite({ folder: url.slice('file:'.length), dump });
  return fromPg(new pg.Pool({ connectionString: url, max: 20, connectionTimeoutMillis: 3_000 }));
}
