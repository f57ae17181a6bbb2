import { fromBase64Url, toBase64Url, utf8 } from '@secapi/kernel';

/** Where a page ends: the order's two columns of its last item. */
export interface Mark {
  readonly at: number;
  readonly id: string;
}

/** A page of a list, newest first. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether a text is a UUID in its canonical form; what isn't one is the id of nothing. */
export function isUuid(text: string): boolean {
  return uuid.test(text);
}

/** A page from one row more than it holds. */
export function toPage<T extends { readonly id: string; readonly createdAt: number }>(
  rows: readonly T[],
  limit: number,
): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    nextCursor: rows.length > limit && last ? toBase64Url(utf8(`${last.createdAt}:${last.id}`)) : null,
  };
}

/** The mark of a cursor that {@link toPage} made, or `undefined` for any other text. */
export function fromCursor(cursor: string): Mark | undefined {
  const bytes = fromBase64Url(cursor);
  const [at = '', id = ''] = bytes ? new TextDecoder().decode(bytes).split(':') : [];
  return /^\d{1,15}$/.test(at) && isUuid(id) ? { at: Number(at), id } : undefined;
}
