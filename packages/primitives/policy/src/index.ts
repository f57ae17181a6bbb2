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
  Concealment,
  ConditionFailure,
  Grant,
  PermissionOf,
  PolicyOptions,
  PolicyPrincipal,
  PrincipalGrant,
  Resources,
  RoleDefinition,
  RoleInTenant,
  TenantOptions,
  WildcardOf,
} from './types.js';
