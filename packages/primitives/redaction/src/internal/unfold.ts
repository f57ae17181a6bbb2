/** What a special object is shown as: something plain, whose members are then hidden like any other's. */
export type Unfolded = { readonly plain: unknown } | undefined;

/**
 * Turns an object that isn't a plain one into what can be shown of it, one level deep; `undefined` means that its own
 * members say it all. Goes by what an object says that it is, which holds for those of other realms as well, and what lies
 * throws. May throw what the object's getters and methods throw.
 */
export function unfold(value: object): Unfolded {
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  if (tag === 'Error' || value instanceof Error) return { plain: errorMembers(value) };
  if (ArrayBuffer.isView(value) || tag.endsWith('ArrayBuffer'))
    return { plain: `[${value.constructor.name} of ${(value as ArrayBuffer).byteLength} bytes]` }; // as its tag says
  if (/^(?:Map|Headers|URLSearchParams|FormData)$/.test(tag))
    return { plain: entriesOf(value as Iterable<[unknown, unknown]>) }; // as its tag says
  if (tag === 'Set') return { plain: [...(value as Set<unknown>)] };
  if (/^(?:String|Number|Boolean|BigInt|Symbol)$/.test(tag)) return { plain: value.valueOf() };
  if (tag === 'RegExp') return { plain: String(value) };
  if (/^(?:Promise|Weak\w+)$/.test(tag)) return { plain: `[${tag}]` };
  const { toJSON } = value as { toJSON?: unknown }; // any object can be asked for any member
  if (typeof toJSON !== 'function') return undefined;
  const plain: unknown = toJSON.call(value, '');
  return plain === value ? undefined : { plain };
}

/** An error's members, also those that don't show in a listing; no prototype, so that one named __proto__ stays a member. */
function errorMembers(error: object): object {
  const members: Record<string, unknown> = Object.create(null);
  for (const key of ['name', 'message', 'stack', ...Object.keys(error), 'cause', 'errors']) {
    if (key in members) continue;
    const value = read(error, key);
    if (value !== undefined) members[key] = value;
  }
  return members;
}

/** A member, or what stands for one whose getter throws. */
export function read(object: object, key: string): unknown {
  try {
    return (object as Record<string, unknown>)[key]; // any object can be asked for any member
  } catch {
    return unreadable;
  }
}

export const unreadable = '[unreadable]';

/** A member for each key that is a text, several values of one key as a list; other keys make a list of pairs. */
function entriesOf(pairs: Iterable<readonly [unknown, unknown]>): object {
  const named = new Map<string, unknown[]>();
  const others: unknown[] = [];
  for (const [key, value] of pairs) {
    if (typeof key === 'object' || typeof key === 'function') {
      others.push({ key, value });
    } else {
      const name = typeof key === 'symbol' ? (key.description ?? '') : String(key);
      const values = named.get(name);
      if (values) values.push(value);
      else named.set(name, [value]);
    }
  }
  const members: Record<string, unknown> = Object.create(null);
  for (const [name, values] of named) members[name] = values.length > 1 ? values : values[0];
  if (others.length === 0) return members;
  return named.size === 0 ? others : [members, ...others];
}
