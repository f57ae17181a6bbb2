import type { PolicyPrincipal } from './types.js';

/** A value that a member of a resource is compared with, by type and value: nothing is converted. */
export type Scalar = string | number | boolean | null;

/** A value that is read from the principal when it asks: its own member of this name. */
export interface FromPrincipal {
  readonly principal: string;
}

/**
 * A condition as data, over the resource's own members: what it says can be decided, explained and made into a filter.
 *
 * `null` is a value; a member that isn't there (or a principal's that is missing, `null` or empty) is no value, and the
 * condition does not answer then, under `not` neither.
 */
export type DataCondition =
  | { readonly field: string; readonly equals: Scalar | FromPrincipal }
  | { readonly field: string; readonly oneOf: readonly (string | number)[] | FromPrincipal }
  | { readonly all: readonly DataCondition[] }
  | { readonly any: readonly DataCondition[] }
  | { readonly not: DataCondition };

/** A condition on the members of a resource alone, whose values are all known. */
export type FilterCondition =
  | { readonly field: string; readonly equals: Scalar }
  | { readonly field: string; readonly oneOf: readonly (string | number)[] }
  | { readonly all: readonly FilterCondition[] }
  | { readonly any: readonly FilterCondition[] }
  | { readonly not: FilterCondition };

/** Which resources a principal has a permission for: all, none, or those that fulfil a condition. */
export type Filter = 'all' | 'none' | FilterCondition;

/** What a request knows besides principal and resource, as its caller tells it. */
export interface PolicyContext {
  /** The time of the request, in milliseconds: what grants for a time are judged by. */
  readonly now?: number;
  readonly address?: string;
  readonly method?: string;
  readonly [more: string]: unknown;
}

// A method's parameters compare both ways, so that a condition may name its own types; the policy hands a condition
// only what its caller passed to `decide` for that permission.
interface ConditionShapes {
  ofResource(principal: PolicyPrincipal, resource: unknown): boolean;
  ofPrincipal(principal: PolicyPrincipal): boolean;
  ofContext(principal: PolicyPrincipal, context: PolicyContext): boolean;
  ofBoth(principal: PolicyPrincipal, resource: unknown, context: PolicyContext): boolean;
}

/**
 * A test of a principal and the resource it asks for: pure, synchronous, and exactly `true` to pass.
 *
 * One that throws, or returns anything but a boolean (a promise, too), denies.
 */
export type ConditionTest = ConditionShapes['ofResource'];

/** A relation from the principal to the resource, over facts that are loaded: see `related` and `withFacts`. */
export interface Relation {
  readonly relation: string;
  readonly field: string;
  readonly depth: number;
  readonly up?: { readonly relation: string; readonly depth: number };
}

/** A condition that `ownedBy`, `where` or `related` made: with what it says as data, of which a filter can be made. */
export interface MadeCondition {
  /** What it can't be asked without: the sum of 1 for a resource, 2 for a context, 4 for loaded facts. */
  readonly needs: number;
  readonly run: ConditionShapes['ofBoth'];
  readonly data?: DataCondition;
  readonly related?: Relation;
}

/**
 * A condition, by what it needs; it is not even asked when that isn't there, and nothing is granted then.
 *
 * - a function of principal and resource;
 * - `{ principal }`, a function of the principal alone;
 * - `{ context }`, one of principal and context;
 * - `{ both }`, one of principal, resource and context;
 * - what `ownedBy`, `where` and `related` make: of these alone a filter can be made.
 */
export type Condition =
  | ConditionTest
  | { readonly principal: ConditionShapes['ofPrincipal'] }
  | { readonly context: ConditionShapes['ofContext'] }
  | { readonly both: ConditionShapes['ofBoth'] }
  | MadeCondition;
