import type { Migration } from '@secapi/postgres';

/** The application's own tables; secapi's stores bring theirs. */
export const migrations: readonly Migration[] = [
  {
    number: 1,
    name: 'accounts and registrations that wait',
    statements: [
      `CREATE TABLE account (
        id uuid PRIMARY KEY,
        email text NOT NULL UNIQUE,
        name text NOT NULL,
        role text NOT NULL CHECK (role IN ('user', 'admin')),
        email_verified boolean NOT NULL,
        password_hash text NOT NULL,
        created_at bigint NOT NULL
      )`,
      `CREATE TABLE pending_registration (
        token_digest text PRIMARY KEY,
        id uuid NOT NULL,
        email text NOT NULL,
        name text NOT NULL,
        role text NOT NULL,
        password_hash text NOT NULL,
        created_at bigint NOT NULL,
        expires_at bigint NOT NULL
      )`,
      'CREATE INDEX pending_registration_email ON pending_registration (email)',
      'CREATE INDEX pending_registration_expiry ON pending_registration (expires_at)',
    ],
  },
  {
    number: 2,
    name: 'posts',
    statements: [
      `CREATE TABLE post (
        id uuid PRIMARY KEY,
        author_id uuid NOT NULL REFERENCES account (id) ON DELETE CASCADE,
        title text NOT NULL,
        html text NOT NULL,
        created_at bigint NOT NULL,
        updated_at bigint NOT NULL
      )`,
      'CREATE INDEX post_order ON post (created_at DESC, id DESC)',
    ],
  },
  {
    number: 3,
    name: 'pictures',
    statements: [
      `CREATE TABLE picture (
        account_id uuid PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
        type text NOT NULL CHECK (type IN ('image/png', 'image/jpeg', 'image/webp')),
        bytes bytea NOT NULL
      )`,
    ],
  },
];
