import type { Sql } from '../src/index.js';

/** What a query is sent as. */
export const shown = ({ text, values }: Sql): unknown[] => [text, values];
/** Strings that mean something in some SQL. */
export const attacks: readonly string[] = [
  "'; DROP TABLE posts; --",
  "' OR '1'='1",
  '"; --',
  '\\',
  '$1',
  '{1}',
  '\u0000',
  '/*',
  '\u02bc OR 1=1',
];
