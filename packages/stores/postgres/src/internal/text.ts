import { DatabaseError } from '../errors.js';

/**
 * Whether PostgreSQL can hold this text as it is: it takes no NUL, and a lone half of a surrogate pair would become another character.
 * What it can't hold it doesn't hold, so a lookup by such a key finds nothing, and is no error.
 */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && !/\p{Surrogate}/u.test(text);
}

/**
 * Refuses to write a key that would be read back as another one.
 *
 * @throws DatabaseError without the text
 */
export function checkStorable(...texts: readonly (string | undefined)[]): void {
  if (texts.some((text) => text !== undefined && !isStorable(text))) {
    throw new DatabaseError(
      'DATABASE_REFUSED',
      'a text with NUL or a lone surrogate can’t be a key in PostgreSQL',
    );
  }
}
