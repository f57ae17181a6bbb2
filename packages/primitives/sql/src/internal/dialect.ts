import { misuse } from '../errors.js';
import type { Dialect, SqlValue } from '../sql.js';

/** How a database writes what the templates leave open. */
interface Grammar {
  placeholder(position: number): string;
  /** The quotes of names. */
  readonly quote: string;
  /** What the text can't hold, because it would be a placeholder, quotes or a comment there, and what is said about it. */
  readonly refused: RegExp;
  readonly reason: string;
  /** As many values as its protocol counts. */
  readonly most: number;
  /** A value as the drivers of this database take it. */
  value(value: SqlValue): unknown;
}

/** Where Node's buffers are, drivers take bytes for bytes in this form alone; elsewhere there is none, and no such driver. */
const { Buffer } = globalThis as { Buffer?: { from(b: ArrayBufferLike, at: number, n: number): Uint8Array } };

export const grammars: Readonly<Record<Dialect, Grammar>> = {
  postgres: {
    placeholder: (position) => `$${position}`,
    quote: '"',
    refused: /`/,
    reason: 'PostgreSQL has no `',
    most: 65_535,
    value: (value) => value,
  },
  mysql: {
    placeholder: () => '?',
    quote: '`',
    refused: /[?#]|\$\w*\$/,
    reason: 'MySQL takes ? for a placeholder and # for a comment, and has no $$',
    most: 65_535,
    value(value) {
      if (Array.isArray(value)) noLists('MySQL');
      if (value instanceof Uint8Array)
        return Buffer?.from(value.buffer, value.byteOffset, value.length) ?? value;
      return value;
    },
  },
  sqlite: {
    placeholder: () => '?',
    quote: '"',
    refused: /\?|[:@$][A-Za-z_$]/,
    reason: 'SQLite takes ?, :name, @name and $name for placeholders',
    most: 32_766,
    value(value) {
      if (Array.isArray(value)) noLists('SQLite');
      if (value instanceof Date)
        misuse('SQL_VALUE_TYPE', 'SQLite has no dates: pass date.getTime() or date.toISOString()');
      return typeof value === 'boolean' ? Number(value) : value;
    },
  },
};

function noLists(database: string): never {
  misuse('SQL_VALUE_TYPE', `${database} has no lists, and its drivers would take one apart: use join(…)`);
}
