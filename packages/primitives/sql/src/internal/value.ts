import { misuse } from '../errors.js';
import type { SqlValue } from '../sql.js';

/** As many as PostgreSQL has: a list from outside must not exhaust the stack. */
const mostDimensions = 6;

/**
 * A value as it is sent: what it was when the query was made, whatever becomes of the array or the date that was passed.
 *
 * @throws SecapiError `SQL_VALUE_TYPE` for what drivers would take apart or guess at, `SQL_VALUE_NOT_STORABLE` for what no database keeps as it is
 */
export function checkedValue(value: unknown, dimensions: number = 0): SqlValue {
  switch (typeof value) {
    case 'string':
      return storableText(value);
    case 'number':
      if (Number.isFinite(value)) return value;
      return notStorable('a number that is not finite is none in SQL: decide before what it means');
    case 'bigint':
    case 'boolean':
      return value;
    case 'object':
      return value === null ? null : checkedObject(value, dimensions);
    default:
      return wrongType(typeof value);
  }
}

function checkedObject(value: object, dimensions: number): SqlValue {
  if (Array.isArray(value)) {
    if (dimensions === mostDimensions) notStorable('a list is nested deeper than any database takes it');
    return Object.freeze(Array.from(value, (item: unknown) => checkedValue(item, dimensions + 1)));
  }
  if (ArrayBuffer.isView(value) && value instanceof Uint8Array) return value;
  const time = timeOf(value);
  if (time === undefined) return wrongType('object');
  if (Number.isNaN(time)) notStorable('the date is none');
  return new Date(time);
}

function storableText(text: string): string {
  if (text.includes('\0')) notStorable('a text holds NUL, which PostgreSQL refuses and others cut off at');
  // TypeScript's library of 2023 doesn't know it yet; every engine that runs this package does
  if (!(text as string & { isWellFormed(): boolean }).isWellFormed())
    notStorable('a text holds half of a surrogate pair, which would come back as another sign');
  return text;
}

/** The time of a real date: an object that merely inherits from one has none. */
function timeOf(value: object): number | undefined {
  try {
    return Date.prototype.getTime.call(value);
  } catch {
    return undefined;
  }
}

function wrongType(type: string): never {
  misuse(
    'SQL_VALUE_TYPE',
    `a value of type ${type} has no place in a query: pass null for nothing, JSON.stringify(…) for an object`,
  );
}

function notStorable(message: string): never {
  misuse('SQL_VALUE_NOT_STORABLE', message);
}
