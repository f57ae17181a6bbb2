/** Whether a key reaches for an object's prototype: `__proto__`, `constructor` or `prototype`. */
export function isPrototypeKey(key: string): boolean {
  const { length } = key; // looked at first: nearly every key is done after it
  if (length !== 9 && length !== 11) return false;
  return key === '__proto__' || key === 'constructor' || key === 'prototype';
}
