import { ConfigError } from '@secapi/kernel';

/** The entries of a plain object; one with a prototype of its own could hide some, as `{ __proto__: … }` does. */
export function entriesOf(option: string, value: unknown): [name: string, value: unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ConfigError(option, 'is not an object', 'write the names as its keys');
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new ConfigError(option, 'is not a plain object', 'use an object literal without __proto__');
  }
  return Object.entries(value);
}

/** Refuses names that can't be told apart in a permission, or that every object inherits. */
export function checkName(option: string, name: unknown): string {
  if (typeof name !== 'string' || name.length > 64 || !/^[A-Za-z][A-Za-z0-9_-]*$/.test(name)) {
    throw new ConfigError(
      option,
      'has an invalid name',
      'use a letter, then letters, digits, - or _, 64 at most',
    );
  }
  if (name in Object.prototype || name === 'prototype') {
    throw new ConfigError(option, `has the name ${name}, which every object inherits`, 'use another name');
  }
  return name;
}

/** A list, or nothing. */
export function listOf(option: string, value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new ConfigError(option, 'is not a list', 'write an array');
  return value;
}

/** The name of an object's own member; a dot in it leads nowhere. */
export function checkField(option: string, name: unknown): string {
  if (typeof name !== 'string' || name === '' || name.length > 128 || name in Object.prototype) {
    throw new ConfigError(option, 'is not the name of a member', "write, for example, 'authorId'");
  }
  return name;
}

/** An object's own value of this name, or `undefined`: what it inherits says nothing about it. */
export function own(object: unknown, name: string): unknown {
  if (typeof object !== 'object' || object === null || !Object.hasOwn(object, name)) return undefined;
  return (object as Record<string, unknown>)[name]; // any object can be asked for any member
}

const inherited = Object.prototype as unknown as Readonly<Record<string, unknown>>;

/** A resource's own value of this name; throws where there is none, so that nothing passes for want of one. */
export function member(resource: unknown, field: string): unknown {
  if (typeof resource === 'object' && resource !== null) {
    const value = (resource as Record<string, unknown>)[field]; // any object can be asked for any member
    // A plain object's value is its own where nothing is inherited: a fraction of what hasOwn takes.
    const plain = inherited[field] === undefined && Object.getPrototypeOf(resource) === inherited;
    if (value !== undefined && (plain || Object.hasOwn(resource, field))) return value;
  }
  throw new TypeError(`the resource has no member ${field} of its own`);
}

/** Refuses what isn't declared, and says what is. */
export function undeclared(option: string, what: string, where: string, names: Iterable<string>): never {
  const known = [...names].join(', ') || 'none is declared';
  throw new ConfigError(option, `is not a declared ${what}`, `use one of policy.${where} (${known})`);
}
