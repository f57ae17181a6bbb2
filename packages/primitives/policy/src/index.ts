export type {
  Condition,
  ConditionTest,
  DataCondition,
  Filter,
  FilterCondition,
  FromPrincipal,
  MadeCondition,
  PolicyContext,
  Relation,
  Scalar,
} from './condition.js';
export type { Decision, DecisionReason } from './decision.js';
export { ownedBy } from './owned-by.js';
export { createPolicy, type Policy } from './policy.js';
export type {
  Authorized,
  Concealment,
  ConditionFailure,
  FieldRules,
  Grant,
  PermissionOf,
  PolicyOptions,
  PolicyPrincipal,
  PrincipalGrant,
  ReadableFields,
  Resources,
  RoleDefinition,
  RoleInTenant,
  TenantOptions,
  ViewOf,
  WildcardOf,
} from './types.js';
