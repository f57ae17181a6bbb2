import type { Migration } from './migrate.js';

/**
 * The tables of secapi's stores. Times are milliseconds since 1970 as `double precision`: the very numbers that JavaScript
 * has, so that none is rounded on its way and comparisons here and there agree.
 */
export const ownMigrations: readonly Migration[] = [
  {
    number: 1,
    name: 'refresh families',
    statements: [
      `CREATE TABLE secapi_refresh_family (
        id text PRIMARY KEY,
        subject text NOT NULL,
        device json NOT NULL,
        created_at double precision NOT NULL,
        last_used_at double precision NOT NULL,
        expires_at double precision NOT NULL,
        absolute_expires_at double precision NOT NULL,
        revoked_at double precision,
        rotations integer NOT NULL DEFAULT 0
      )`,
      'CREATE INDEX secapi_refresh_family_subject ON secapi_refresh_family (subject, last_used_at)',
      'CREATE INDEX secapi_refresh_family_end ON secapi_refresh_family (least(expires_at, revoked_at))',
      `CREATE TABLE secapi_refresh_token (
        digest text PRIMARY KEY,
        family_id text NOT NULL REFERENCES secapi_refresh_family ON DELETE CASCADE,
        used_at double precision,
        salt text,
        next_digest text
      )`,
      'CREATE INDEX secapi_refresh_token_family ON secapi_refresh_token (family_id)',
    ],
  },
  {
    number: 2,
    name: 'one-time tokens',
    statements: [
      `CREATE TABLE secapi_one_time_token (
        digest text PRIMARY KEY,
        purpose text NOT NULL,
        subject text NOT NULL,
        binding text,
        expires_at double precision NOT NULL
      )`,
      'CREATE INDEX secapi_one_time_token_subject ON secapi_one_time_token (purpose, subject, expires_at)',
      'CREATE INDEX secapi_one_time_token_end ON secapi_one_time_token (expires_at)',
    ],
  },
  {
    number: 3,
    name: 'revocations',
    statements: [
      `CREATE TABLE secapi_revocation (
        kind text NOT NULL,
        id text NOT NULL,
        at double precision NOT NULL,
        until double precision NOT NULL,
        changed xid8 NOT NULL DEFAULT pg_current_xact_id(),
        PRIMARY KEY (kind, id)
      )`,
      'CREATE INDEX secapi_revocation_changed ON secapi_revocation (changed)',
      'CREATE INDEX secapi_revocation_end ON secapi_revocation (until)',
    ],
  },
  {
    number: 4,
    name: 'audit trail',
    statements: [
      // An entry is kept as the text it was hashed from: jsonb would reorder it, and text columns can't hold every text.
      'CREATE TABLE secapi_trail (position bigint PRIMARY KEY, id text NOT NULL UNIQUE, entry json NOT NULL)',
      `CREATE TABLE secapi_trail_head (
        only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
        position bigint NOT NULL,
        hash text NOT NULL
      )`,
      `INSERT INTO secapi_trail_head (position, hash) VALUES (0, repeat('0', 64))`,
      `CREATE FUNCTION secapi_trail_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'restrict_violation';
        END
      $$`,
      `CREATE TRIGGER secapi_trail_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON secapi_trail
        FOR EACH STATEMENT EXECUTE FUNCTION secapi_trail_refuse()`,
    ],
  },
  {
    number: 5,
    name: 'key rings',
    statements: [
      `CREATE TABLE secapi_key_ring (name text PRIMARY KEY, version bigint NOT NULL, keys json NOT NULL)`,
    ],
  },
  {
    number: 6,
    name: 'accounts, lockouts and budgets of mails',
    statements: [
      `CREATE TABLE secapi_account (
        id text PRIMARY KEY,
        email text NOT NULL UNIQUE,
        name text NOT NULL,
        role text NOT NULL,
        email_verified boolean NOT NULL,
        password_hash text NOT NULL,
        created_at double precision NOT NULL
      )`,
      `CREATE TABLE secapi_pending_registration (
        token_digest text PRIMARY KEY,
        id text NOT NULL,
        email text NOT NULL,
        name text NOT NULL,
        role text NOT NULL,
        password_hash text NOT NULL,
        created_at double precision NOT NULL,
        expires_at double precision NOT NULL
      )`,
      'CREATE INDEX secapi_pending_registration_email ON secapi_pending_registration (email)',
      'CREATE INDEX secapi_pending_registration_end ON secapi_pending_registration (expires_at)',
      `CREATE TABLE secapi_lockout (
        key text PRIMARY KEY,
        failures integer NOT NULL,
        locked_until double precision NOT NULL,
        forget_at double precision NOT NULL,
        allowed boolean NOT NULL
      )`,
      'CREATE INDEX secapi_lockout_end ON secapi_lockout (forget_at)',
      `CREATE TABLE secapi_mail_budget (
        key text PRIMARY KEY,
        times double precision[] NOT NULL,
        ends_at double precision NOT NULL
      )`,
      'CREATE INDEX secapi_mail_budget_end ON secapi_mail_budget (ends_at)',
    ],
  },
];
