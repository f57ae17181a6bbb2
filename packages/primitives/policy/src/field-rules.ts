import type { PolicyContext } from './condition.js';
import type { PolicyPrincipal } from './types.js';

/** What may be done with fields. */
export type FieldUse = 'read' | 'write';

/** Fields that a role may read or write, always or when named conditions hold: of a list, all. */
export type FieldRule =
  | string
  | { readonly fields: readonly string[]; readonly when: string | readonly string[] };

/** Which roles may read and write which fields of a resource; roles have those of the roles that they inherit. */
export interface FieldRules {
  readonly read?: Readonly<Record<string, readonly FieldRule[]>>;
  readonly write?: Readonly<Record<string, readonly FieldRule[]>>;
}

/** The rules about fields of a policy, made by `fieldRules`. */
export interface FieldRuleSet<Declared = Readonly<Record<string, FieldRules>>> {
  readonly declared: Declared;
  /** For the policy: checks the rules against what it declares. */
  compile(scope: FieldScope): FieldLists;
}

/** Whether a rule's conditions hold. */
export type Holds = (
  principal: PolicyPrincipal,
  resource: unknown,
  context: PolicyContext | undefined,
) => boolean;

/** What a policy tells its rules about fields. */
export interface FieldScope {
  readonly resources: { has(name: string): boolean };
  /** Every role, with the roles whose rules it has. */
  readonly lineages: ReadonlyMap<string, readonly string[]>;
  /** Compiles what `when` names. */
  holds(place: string, role: string, when: unknown): Holds;
}

/** The fields of a resource for one principal with these roles. */
export type FieldLists = (
  use: FieldUse,
  name: string,
  roles: readonly string[],
  principal: PolicyPrincipal,
  resource: unknown,
  context: PolicyContext | undefined,
) => readonly string[];
