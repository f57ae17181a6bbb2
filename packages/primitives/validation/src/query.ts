import { checkNumber, checkOptions } from '@secapi/kernel';
import type { QueryRefusal } from './errors.js';
import { isPrototypeKey } from './prototype-key.js';

/** Bounds of a query string. */
export interface QueryLimits {
  /** In characters. @default 8,192 */
  readonly maxLength?: number;
  /** How many parameters. @default 100 */
  readonly maxParameters?: number;
}

/** A query string's parameters, or why they are refused. */
export type QueryResult =
  | { readonly ok: true; readonly value: Record<string, string> }
  | { readonly ok: false; readonly reason: QueryRefusal };

/**
 * A query string, without its `?`, as a flat object without a prototype. `a[b]=1` is the parameter called `a[b]`: there are no arrays and no
 * objects. A parameter given twice is refused (ASVS v5.0.0-15.3.7), as are `__proto__` and its kin, broken percent-encoding, what isn't
 * UTF-8, and raw characters that no URL has.
 *
 * @throws ConfigError when the limits can't be used
 */
export function parseQuery(query: string, limits?: QueryLimits): QueryResult {
  const { maxLength, maxParameters } = queryLimits(limits);
  const value: Record<string, string> = Object.create(null);
  if (query === '') return { ok: true, value };
  if (query.length > maxLength) return refuse('QUERY_TOO_LARGE');
  if (!printable.test(query)) return refuse('QUERY_SYNTAX');
  const pairs = query.split('&', maxParameters + 1);
  if (pairs.length > maxParameters) return refuse('QUERY_TOO_LARGE');
  for (const pair of pairs) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const key = decode(equals === -1 ? pair : pair.slice(0, equals));
    const text = equals === -1 ? '' : decode(pair.slice(equals + 1));
    if (key === undefined || text === undefined) return refuse('QUERY_SYNTAX');
    if (isPrototypeKey(key)) return refuse('QUERY_PROTOTYPE_KEY');
    if (key in value) return refuse('QUERY_DUPLICATE_KEY');
    value[key] = text;
  }
  return { ok: true, value };
}

const printable = /^[!-~]+$/;
const defaults: Required<QueryLimits> = { maxLength: 8_192, maxParameters: 100 };

function queryLimits(limits: QueryLimits | undefined): Required<QueryLimits> {
  if (limits === undefined) return defaults;
  checkOptions('limits', limits, Object.keys(defaults));
  const { maxLength, maxParameters } = { ...defaults, ...limits };
  return {
    maxLength: checkNumber('limits.maxLength', maxLength, { min: 1, max: 65_536 }),
    maxParameters: checkNumber('limits.maxParameters', maxParameters, { min: 1, max: 10_000 }),
  };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

function refuse(reason: QueryRefusal): QueryResult {
  return { ok: false, reason };
}
