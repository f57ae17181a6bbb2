import { ConfigError, checkNumber, checkOptions } from '@secapi/kernel';
import type { DataCondition, FilterCondition, FromPrincipal, Scalar } from '../condition.js';
import { checkField, listOf, member, own } from './names.js';

/** A test of a principal and a resource. */
export type DataTest = (principal: unknown, resource: unknown) => boolean;

const forms = ['equals', 'oneOf', 'all', 'any', 'not'];
const deepest = 16;

/**
 * Copies a condition that is written as data, checked.
 *
 * @throws ConfigError for what is no condition, and for values that can't be compared
 */
export function checkData(option: string, value: unknown, depth = 0): DataCondition {
  checkOptions(option, value, ['field', ...forms]);
  const node = value as Record<string, unknown>; // a plain object, by the line above
  const form = forms.find((name) => name in node);
  const keys = form === 'equals' || form === 'oneOf' ? 2 : 1;
  if (form === undefined || Object.keys(node).length !== keys || (keys === 2 && !('field' in node))) {
    throw new ConfigError(
      option,
      'is not a condition',
      'write { field, equals }, { field, oneOf }, { all }, { any } or { not }',
    );
  }
  checkNumber(`${option} (its depth)`, depth, { min: 0, max: deepest });
  const given = node[form];
  const at = `${option}.${form}`;
  if (form === 'not') return Object.freeze({ not: checkData(at, given, depth + 1) });
  if (form === 'all' || form === 'any') {
    const parts = listOf(at, given).map((part, i) => checkData(`${at}[${i}]`, part, depth + 1));
    if (parts.length === 0) throw new ConfigError(at, 'is empty', 'write the conditions in it');
    return Object.freeze(form === 'all' ? { all: Object.freeze(parts) } : { any: Object.freeze(parts) });
  }
  const field = checkField(`${option}.field`, node.field);
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) {
    checkOptions(at, given, ['principal']);
    const principal = checkField(`${at}.principal`, own(given, 'principal'));
    return Object.freeze({ field, [form]: Object.freeze({ principal }) }) as DataCondition; // form is one of the two
  }
  if (form === 'equals' ? !isScalar(given) : !isList(given) || given.length === 0) {
    throw new ConfigError(
      at,
      'can not be compared',
      form === 'equals'
        ? 'use a text, a finite number, a boolean, null, or { principal: member }'
        : 'use a list of texts or of finite numbers, or { principal: member }',
    );
  }
  return Object.freeze({ field, [form]: isList(given) ? Object.freeze([...given]) : given }) as DataCondition; // as above
}

/** The condition with the principal's values in the place of their names; throws where there is none. */
export function bind(node: DataCondition, principal: unknown): FilterCondition {
  if ('equals' in node) return { field: node.field, equals: one(node.equals, principal) };
  if ('oneOf' in node) return { field: node.field, oneOf: many(node.oneOf, principal) };
  if ('not' in node) return { not: bind(node.not, principal) };
  if ('all' in node) return { all: node.all.map((part) => bind(part, principal)) };
  return { any: node.any.map((part) => bind(part, principal)) };
}

/** Compiles a condition; the test throws where a member isn't there, so that `not` never passes for want of one. */
export function compileData(node: DataCondition): DataTest {
  if ('field' in node) return compileLeaf(node);
  const test = compileTree(node);
  // A value that the principal lacks makes the whole condition unanswerable, whichever part is looked at first: as in a filter.
  const asked = fromPrincipal(node);
  if (asked.length === 0) return test;
  return function tree(principal, resource) {
    for (const leaf of asked) bind(leaf, principal);
    return test(principal, resource);
  };
}

function compileTree(node: DataCondition): DataTest {
  if ('field' in node) return compileLeaf(node);
  if ('not' in node) {
    const test = compileTree(node.not);
    return (principal, resource) => !test(principal, resource);
  }
  const parts = ('all' in node ? node.all : node.any).map(compileTree);
  return 'all' in node
    ? (principal, resource) => parts.every((test) => test(principal, resource))
    : (principal, resource) => parts.some((test) => test(principal, resource));
}

function compileLeaf(node: Extract<DataCondition, { field: string }>): DataTest {
  const { field } = node;
  if ('equals' in node) {
    const { equals } = node;
    return isFromPrincipal(equals)
      ? (principal, resource) => member(resource, field) === one(equals, principal)
      : (_principal, resource) => member(resource, field) === equals;
  }
  const { oneOf } = node;
  return (principal, resource) => many(oneOf, principal).includes(member(resource, field) as never); // of any type
}

function fromPrincipal(node: DataCondition): DataCondition[] {
  if ('not' in node) return fromPrincipal(node.not);
  if ('all' in node) return node.all.flatMap(fromPrincipal);
  if ('any' in node) return node.any.flatMap(fromPrincipal);
  return isFromPrincipal('equals' in node ? node.equals : node.oneOf) ? [node] : [];
}

function one(value: Scalar | FromPrincipal, principal: unknown): Scalar {
  if (!isFromPrincipal(value)) return value;
  const found = own(principal, value.principal);
  if (found !== null && found !== '' && isScalar(found)) return found;
  throw new TypeError(`the principal has no member ${value.principal} that can be compared`);
}

function many(
  value: readonly (string | number)[] | FromPrincipal,
  principal: unknown,
): readonly (string | number)[] {
  if (!isFromPrincipal(value)) return value;
  const found = own(principal, value.principal);
  if (isList(found)) return found;
  throw new TypeError(`the principal's member ${value.principal} is not a list of texts or of numbers`);
}

function isFromPrincipal(value: unknown): value is FromPrincipal {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isScalar(value: unknown): value is Scalar {
  return (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    (typeof value === 'number' && Number.isFinite(value))
  );
}

/** A list of texts or of numbers: a database takes no list of both. */
function isList(value: unknown): value is readonly (string | number)[] {
  if (!Array.isArray(value)) return false;
  const kind = typeof value[0];
  return value.every(
    (item) => typeof item === kind && (kind === 'string' || (kind === 'number' && Number.isFinite(item))),
  );
}
