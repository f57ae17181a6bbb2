import type { Sql as Parts } from 'sql-template-tag';
import { misuse } from '../errors.js';
import type { Dialect, SqlValue } from '../sql.js';
import { grammars } from './dialect.js';

/** A name from an allow-list, which each database quotes in its own way. */
export class Name {
  readonly parts: readonly string[];

  constructor(parts: readonly string[]) {
    this.parts = parts;
  }
}

/** A query as a database takes it. */
export interface Rendered {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** What every query is. Its private field can't be copied, inherited or written in JSON: whoever has it was made here. */
export class Query {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
    Object.freeze(parts.strings);
    Object.freeze(parts.values);
    Object.freeze(this);
  }

  static is(value: unknown): value is Query {
    return typeof value === 'object' && value !== null && #parts in value;
  }

  static partsOf(query: Query): Parts {
    return query.#parts;
  }

  get text(): string {
    return render(this, 'postgres').text;
  }

  get values(): readonly unknown[] {
    return render(this, 'postgres').values;
  }
}

/** The text and the values of a query for a database. */
export function render(query: Query, dialect: Dialect): Rendered {
  const { strings, values } = Query.partsOf(query);
  const grammar = grammars[dialect];
  const sent: unknown[] = [];
  let text = '';
  for (let i = 0; i < strings.length; i++) {
    const piece = strings[i] ?? '';
    if (grammar.refused.test(piece))
      misuse('SQL_TEXT_AMBIGUOUS', `${grammar.reason}: such a text is passed as a value`);
    text += piece;
    if (i === values.length) break;
    checkApart(piece, strings[i + 1] ?? '', i === 0, i === values.length - 1);
    const value: unknown = values[i];
    if (value instanceof Name) {
      text += value.parts.map((part) => `${grammar.quote}${part}${grammar.quote}`).join('.');
    } else {
      sent.push(grammar.value(value as SqlValue)); // all that isn't a name was checked when the query was made
      text += grammar.placeholder(sent.length);
    }
  }
  if (sent.length > grammar.most)
    misuse(
      'SQL_TOO_MANY_VALUES',
      `a query holds ${sent.length} values, and at most ${grammar.most} are sent`,
    );
  return { text, values: Object.freeze(sent) };
}

/** A placeholder that touches a letter, a digit or quotes would become another one, or a part of a name or of a text. */
function checkApart(before: string, after: string, first: boolean, last: boolean): void {
  const apart =
    (before === '' ? first : !/[\w$'"`\\\x80-\uffff-]$/.test(before)) &&
    (after === '' ? last : !/^[\w$'"`\\\x80-\uffff]/.test(after));
  if (!apart)
    misuse(
      'SQL_VALUE_TOUCHES_TEXT',
      'a value or a name stands right beside a word, a sign or another value: put a space between them',
    );
}
