export type { Decision, DecisionReason } from './decision.js';
export { ownedBy } from './owned-by.js';
export { createPolicy, type Policy } from './policy.js';
export type {
  Condition,
  ConditionFailure,
  ConditionTest,
  Grant,
  PermissionOf,
  PolicyOptions,
  PolicyPrincipal,
  Resources,
  RoleDefinition,
  WildcardOf,
} from './types.js';
