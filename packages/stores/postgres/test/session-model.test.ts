import { describeSessionModel } from '@secapi/testing';
import { afterAll, describe, expect, it } from 'vitest';
import {
  type Database,
  postgresKeyStore,
  postgresOneTimeStore,
  postgresRefreshStore,
  postgresRevocations,
} from '../src/index.js';
import { onBoth } from './databases.js';

const empty = `DO $$ BEGIN
  ${['refresh_family', 'one_time_token', 'revocation', 'key_ring'].map((table) => `DELETE FROM secapi_${table};`).join(' ')}
END $$`;

onBoth((test) => {
  let fresh: Promise<Database> | undefined;
  afterAll(async () => (await fresh)?.close());

  describeSessionModel(
    {
      name: 'one database',
      runs: 30,
      async stores(now) {
        fresh ??= test.fresh();
        const db = await fresh;
        await db.query(empty);
        return {
          refresh: postgresRefreshStore(db),
          revocations: postgresRevocations(db, { now }),
          oneTime: postgresOneTimeStore(db),
          keys: postgresKeyStore(db),
          close: async () => {},
        };
      },
    },
    { describe, it, expect },
  );
});
