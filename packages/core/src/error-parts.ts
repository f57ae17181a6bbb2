/** How many causes are looked at: enough for a driver's error behind those of a query builder. */
const deepest = 5;

/** An error and what it was caused by; whatever was thrown, nothing here throws. */
export function chainOf(error: unknown): readonly object[] {
  const chain: object[] = [];
  for (let each = error; chain.length < deepest && isObject(each); each = partOf(each, 'cause')) {
    if (chain.includes(each)) break;
    chain.push(each);
  }
  return chain;
}

/** A property of something thrown: getters and proxies may throw as well, and then there is none. */
export function partOf(error: object, key: string): unknown {
  try {
    return Reflect.get(error, key);
  } catch {
    return undefined;
  }
}

/** A property that is a text. */
export function textOf(error: object, key: string): string | undefined {
  const value = partOf(error, key);
  return typeof value === 'string' ? value : undefined;
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
