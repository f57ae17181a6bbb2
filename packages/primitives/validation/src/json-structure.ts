import type { JsonRefusal } from './errors.js';
import { type JsonLimits, jsonLimits } from './json-limits.js';
import { isPrototypeKey } from './prototype-key.js';

/** One walk over a value, and what it found out. */
export interface Walk {
  readonly limits: Required<JsonLimits>;
  /** Whether anything but `JSON.parse` may have made the value: then only plain objects and well-formed texts pass. */
  readonly foreign: boolean;
  /** Something that is wrong, if anything is. */
  refusal: JsonRefusal | undefined;
  /** Values seen. */
  nodes: number;
  /** Members of objects seen. */
  members: number;
  /** A length that no JSON text of this value can be below; the very length when it has no white space and no escapes. */
  shortest: number;
  /** Whether a key ends in a backslash. */
  backslash: boolean;
}

/**
 * Checks a value that a framework has parsed already, as far as a value can tell (duplicate keys are gone by then):
 * only plain data, within bounds, no key that reaches for a prototype, no number that lost digits.
 *
 * @throws ConfigError when the limits can't be used
 */
export function checkStructure(
  value: unknown,
  limits?: JsonLimits,
): { readonly ok: true } | { readonly ok: false; readonly reason: JsonRefusal } {
  const { refusal } = walk(value, jsonLimits(limits), true);
  return refusal ? { ok: false, reason: refusal } : { ok: true };
}

/** Walks a value; the recursion ends at `limits.maxDepth`. */
export function walk(value: unknown, limits: Required<JsonLimits>, foreign: boolean): Walk {
  const found: Walk = {
    limits,
    foreign,
    refusal: undefined,
    nodes: 0,
    members: 0,
    shortest: 0,
    backslash: false,
  };
  visit(value, 0, found);
  return found;
}

const loneSurrogate = /\p{Surrogate}/u;

/** Runtimes that have it know it of most texts without looking. */
function isWellFormed(text: string): boolean {
  const { isWellFormed: native } = text as { isWellFormed?: () => boolean }; // newer than the language level of these sources
  return native ? native.call(text) : !loneSurrogate.test(text);
}

function visit(value: unknown, depth: number, found: Walk): void {
  if (++found.nodes > found.limits.maxNodes) {
    found.refusal = 'JSON_TOO_MANY_NODES';
  } else if (typeof value === 'string') {
    found.shortest += value.length + 2;
    if (value.length > found.limits.maxStringLength) found.refusal = 'JSON_STRING_TOO_LONG';
    else if (found.foreign && !isWellFormed(value)) found.refusal = 'JSON_ENCODING';
  } else if (typeof value === 'number') {
    // written so that NaN fails too
    if (!(Math.abs(value) <= Number.MAX_SAFE_INTEGER)) found.refusal = 'JSON_UNSAFE_NUMBER';
    found.shortest += shortestNumber(value);
  } else if (typeof value === 'boolean' || value === null) {
    found.shortest += value === false ? 5 : 4;
  } else if (typeof value !== 'object') {
    found.refusal = 'JSON_NOT_PLAIN';
  } else if (depth >= found.limits.maxDepth) {
    found.refusal = 'JSON_DEPTH';
  } else if (Array.isArray(value)) {
    visitArray(value, depth + 1, found);
  } else {
    visitObject(value as Record<string, unknown>, depth + 1, found); // any object can be read by key
  }
}

function visitArray(value: readonly unknown[], depth: number, found: Walk): void {
  const { length } = value;
  found.shortest += length === 0 ? 2 : length + 1;
  if (length > found.limits.maxArrayLength) found.refusal = 'JSON_TOO_MANY_ITEMS';
  for (let i = 0; i < length && found.refusal === undefined; i++) visit(value[i], depth, found);
}

function visitObject(value: Record<string, unknown>, depth: number, found: Walk): void {
  if (found.foreign && !isPlain(value)) {
    found.refusal = 'JSON_NOT_PLAIN';
    return;
  }
  let keys = 0;
  for (const key in value) {
    if (++keys > found.limits.maxKeys) found.refusal = 'JSON_TOO_MANY_KEYS';
    else if (isPrototypeKey(key)) found.refusal = 'JSON_PROTOTYPE_KEY';
    else if (key.length > found.limits.maxStringLength) found.refusal = 'JSON_STRING_TOO_LONG';
    else if (found.foreign && !isWellFormed(key)) found.refusal = 'JSON_ENCODING';
    else visit(value[key], depth, found);
    if (found.refusal !== undefined) return;
    if (key.charCodeAt(key.length - 1) === backslash) found.backslash = true;
    found.shortest += key.length + 4; // its quotes, its colon, a comma or brace
  }
  found.members += keys;
  found.shortest += keys === 0 ? 2 : 1;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

const backslash = 92;

/** No decimal text of this number is shorter. 1 stands for every number that an exponent could shorten. */
function shortestNumber(value: number): number {
  if (Number.isInteger(value)) {
    if (value >= 0 && value < 1_000) return value < 10 ? 1 : value < 100 ? 2 : 3;
    return value % 1_000 === 0 ? 1 : String(value).length;
  }
  return Math.abs(value) < 0.1 ? 1 : String(value).length;
}
