import { ConfigError, checkOptions } from '@secapi/kernel';
import type { MadeCondition, PolicyContext, Relation } from '../condition.js';
import type { PolicyPrincipal } from '../types.js';
import { checkName, entriesOf, undeclared } from './names.js';

/** What a condition can't be asked without. */
export const needsResource = 1;
export const needsContext = 2;
export const needsFacts = 4;

/** A condition, compiled. */
export interface Test extends MadeCondition {
  readonly name: string;
}

/** Where the facts of one request hang on its context. A symbol: nothing that a client sent can be there. */
export const factsOf: unique symbol = Symbol('facts');

/** What was loaded for one request. */
export interface LoadedFacts {
  /** Whether the relation holds; throws when that was not loaded. */
  holds(related: Relation, principal: PolicyPrincipal, resource: unknown): boolean;
  /** All that is reached from the principal; throws when that was not loaded. */
  reached(related: Relation, principal: PolicyPrincipal): readonly string[];
}

/** A context with the facts of its request. */
export interface ContextWithFacts extends PolicyContext {
  readonly [factsOf]?: LoadedFacts;
}

const forms = ['principal', 'context', 'both'] as const;

/** Reads the conditions of a policy. @throws ConfigError for what is none */
export function readConditions(conditions: unknown): Map<string, Test> {
  const read = new Map<string, Test>();
  for (const [name, condition] of entriesOf('policy.conditions', conditions)) {
    const option = `policy.conditions.${checkName('policy.conditions', name)}`;
    read.set(name, { name, ...compile(option, condition) });
  }
  return read;
}

function compile(option: string, condition: unknown): MadeCondition {
  type Run = MadeCondition['run']; // what it returns is judged each time
  if (typeof condition === 'function') return { needs: needsResource, run: condition as Run };
  if (isMade(condition)) return condition;
  checkOptions(option, condition, forms);
  const given = condition as Partial<Record<string, unknown>>; // by the line above
  const [form, more] = forms.filter((each) => each in given);
  const test = form && given[form];
  if (typeof test !== 'function' || more) {
    throw new ConfigError(
      option,
      'has no test',
      'write a function, or { principal }, { context } or { both } with one',
    );
  }
  if (form === 'both') return { needs: needsResource + needsContext, run: test as Run };
  return {
    needs: form === 'context' ? needsContext : 0,
    run: (principal, _resource, context) => test(principal, context),
  };
}

function isMade(condition: unknown): condition is MadeCondition {
  return typeof (condition as MadeCondition | null | undefined)?.run === 'function';
}

/** The conditions that `when` names: one, or a list of which all must hold. */
export function readWhen(
  option: string,
  when: unknown,
  conditions: ReadonlyMap<string, Test>,
): readonly Test[] {
  const names: readonly unknown[] = Array.isArray(when) ? when : [when];
  const tests = [...new Set(names)].map((name) => {
    const test = typeof name === 'string' ? conditions.get(name) : undefined;
    return test ?? undeclared(option, 'condition', 'conditions', conditions.keys());
  });
  if (tests.length === 0) throw new ConfigError(option, 'is empty', 'name a condition, or leave it out');
  return tests;
}
