/**
 * A new object with only the named members of a record that it has itself: a list of what may be shown, so that a
 * member added later stays hidden (ASVS v5.0.0-15.3.1).
 *
 * @example
 * ```ts
 * safeView(user, ['id', 'name']); // { id, name }, typed so
 * ```
 */
export function safeView<T extends object, const K extends keyof T & string>(
  record: T,
  keys: readonly K[],
): Pick<T, K> {
  const shown = keys.flatMap((key): [K, T[K]][] => (Object.hasOwn(record, key) ? [[key, record[key]]] : []));
  return Object.fromEntries(shown) as Pick<T, K>; // fromEntries forgets which names it was given
}
