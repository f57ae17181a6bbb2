/** What a special object is shown as: something plain, whose members are then masked like any other's. */
export type Unfolded = { readonly plain: unknown } | undefined;

/**
 * Turns an object that isn't a plain one into what can be shown of it, one level deep; `undefined` means that its own
 * members say it all. May throw what the object's getters and methods throw.
 */
export function unfold(value: object): Unfolded {
  if (isError(value)) return { plain: errorMembers(value) };
  if (value instanceof Date) return { plain: Number.isNaN(value.getTime()) ? null : value.toISOString() };
  if (ArrayBuffer.isView(value)) return { plain: `[${value.constructor.name} of ${value.byteLength} bytes]` };
  if (isBuffer(value)) return { plain: `[${value.constructor.name} of ${value.byteLength} bytes]` };
  if (value instanceof Map) return { plain: entriesOf(value) };
  if (value instanceof Set) return { plain: [...value] };
  if (value instanceof URL) return { plain: value.href };
  if (value instanceof URLSearchParams || value instanceof Headers) return { plain: entriesOf(value) };
  if (value instanceof RegExp) return { plain: String(value) };
  if (value instanceof String || value instanceof Number || value instanceof Boolean)
    return { plain: value.valueOf() };
  if (
    value instanceof Promise ||
    value instanceof WeakMap ||
    value instanceof WeakSet ||
    value instanceof WeakRef
  ) {
    return { plain: `[${value.constructor.name}]` };
  }
  const { toJSON } = value as { toJSON?: unknown }; // any object can be asked for any member
  if (typeof toJSON !== 'function') return undefined;
  const plain: unknown = toJSON.call(value, '');
  return plain === value ? undefined : { plain };
}

function isError(value: object): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
}

function isBuffer(value: object): value is ArrayBufferLike {
  return (
    value instanceof ArrayBuffer ||
    (typeof SharedArrayBuffer !== 'undefined' && value instanceof SharedArrayBuffer)
  );
}

function errorMembers(error: Error): object {
  // No prototype: an error's own member named __proto__ stays a member.
  const members: Record<string, unknown> = Object.create(null);
  for (const key of ['name', 'message', 'stack', ...Object.keys(error), 'cause', 'errors']) {
    if (key in members) continue;
    const value = read(error, key);
    if (value !== undefined) members[key] = value;
  }
  return members;
}

function read(object: object, key: string): unknown {
  try {
    return (object as Record<string, unknown>)[key]; // any object can be asked for any member
  } catch {
    return unreadable;
  }
}

/** What stands for a member whose getter throws. */
export const unreadable = '[unreadable]';

/** A member for each key that is a text, several values of one key as a list; other keys make a list of pairs. */
function entriesOf(pairs: Iterable<readonly [unknown, unknown]>): object {
  const members: Record<string, unknown> = Object.create(null);
  const lists = new Set<string>();
  const others: unknown[] = [];
  for (const [key, value] of pairs) {
    if (typeof key === 'object' || typeof key === 'function' || typeof key === 'symbol') {
      others.push({ key, value });
      continue;
    }
    const name = String(key);
    if (!(name in members)) {
      members[name] = value;
    } else if (lists.has(name)) {
      (members[name] as unknown[]).push(value); // made a list when it was added to `lists`
    } else {
      lists.add(name);
      members[name] = [members[name], value];
    }
  }
  if (others.length === 0) return members;
  return Object.keys(members).length === 0 ? others : [members, ...others];
}
