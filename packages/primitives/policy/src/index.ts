export type { Decision, DecisionReason } from './decision.js';
export { ownedBy } from './owned-by.js';
export { createPolicy, type Policy } from './policy.js';
export type {
  Authorized,
  Condition,
  ConditionFailure,
  ConditionTest,
  FieldRules,
  Grant,
  PermissionOf,
  PolicyOptions,
  PolicyPrincipal,
  ReadableFields,
  Resources,
  RoleDefinition,
  ViewOf,
  WildcardOf,
} from './types.js';
