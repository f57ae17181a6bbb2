import { randomBytes } from 'node:crypto';
import { createRunner, identifier, sql } from '@secapi/sql';
import {
  createAccessTokenIssuer,
  createManagedKeyRing,
  createOneTimeTokens,
  createRefreshFamilies,
  generateKey,
} from '@secapi/tokens';
import { expect, it } from 'vitest';
import {
  type Database,
  postgresKeyStore,
  postgresOneTimeStore,
  postgresRefreshStore,
  postgresRevocations,
} from '../src/index.js';
import { onBoth } from './databases.js';

/** Every row of every table, as a thief of a backup would read them. */
async function dumpOf(db: Database): Promise<string> {
  const { rows: tables } = await db.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1`,
  );
  const lines: string[] = [];
  for (const { name } of tables) {
    const table = identifier(name, [name]);
    const rows = await createRunner(db).query<{ line: string }>(
      sql`SELECT row_to_json(t)::text AS line FROM ${table} t`,
    );
    lines.push(...rows.map(({ line }) => `${name} ${line}`));
  }
  return lines.join('\n');
}

/** A secret in the spellings that somebody might have stored it in. */
function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret, 'base64url');
  return [secret, bytes.toString('hex'), bytes.toString('base64'), Buffer.from(secret).toString('base64url')];
}

onBoth((test) => {
  it('holds no token, no private key and no seal in a captured dump', async () => {
    const db = await test.fresh();
    const families = createRefreshFamilies({ store: postgresRefreshStore(db) });
    const oneTime = createOneTimeTokens({ store: postgresOneTimeStore(db) });
    const sealKey = new Uint8Array(randomBytes(32));
    const seed = await generateKey();
    const ring = {
      store: postgresKeyStore(db),
      seal: [{ id: 's', key: sealKey }],
      verifyFor: '20m',
    } as const;
    const keys = await createManagedKeyRing({ ...ring, seed: [seed] });
    await keys.rotate();
    const names = { keys, issuer: 'https://api.example', audience: 'https://api.example' };
    const revocations = postgresRevocations(db);
    const secrets: string[] = [Buffer.from(sealKey).toString('base64url'), String(seed.d)];
    for (let i = 0; i < 5; i++) {
      const { token, session } = await families.start({ subject: `user-${i}` });
      const rotated = await families.rotate(token);
      if (!rotated.ok) throw new Error('an honest client was refused');
      const mailed = await oneTime.issue({
        ...{ purpose: 'reset', subject: `user-${i}`, lifetime: '15m', binding: 'a hash of a password' },
      } as const);
      const access = await createAccessTokenIssuer(names).issue({
        subject: `user-${i}`,
        session: session.id,
      });
      const { jti, exp } = access.claims;
      await revocations.revoke({ kind: 'token', id: jti, at: Date.now(), until: exp * 1_000 });
      secrets.push(token, rotated.token, mailed.token, access.token, ...access.token.split('.').slice(2));
    }
    const dump = await dumpOf(db);
    for (const secret of secrets.flatMap(spellings)) expect(dump.includes(secret)).toBe(false);
    for (const word of ['"d":', 'a hash of a password']) expect(dump.includes(word)).toBe(false);
    // The dump is one of what was written: sessions and keys are in it by name.
    for (let i = 0; i < 5; i++) expect(dump).toContain(`user-${i}`);
    expect(dump).toContain(String(seed.kid));
    // And what is in it opens nothing.
    const texts = new Set(dump.match(/[A-Za-z0-9_-]{43}|[0-9a-f]{64}/g));
    expect(texts.size).toBeGreaterThan(10);
    for (const text of texts) {
      expect(await families.rotate(text)).toEqual({ ok: false, reason: 'unknown' });
      expect(
        (await oneTime.consume({ purpose: 'reset', token: text, binding: 'a hash of a password' })).ok,
      ).toBe(false);
    }
    await db.close();
  });
});
