import type { Decision, DecisionReason } from '../decision.js';

/** What came of asking a rule. */
export type Outcome = Extract<
  DecisionReason,
  | 'granted'
  | 'conditional'
  | 'condition_failed'
  | 'condition_error'
  | 'not_in_force'
  | 'resource_missing'
  | 'context_missing'
  | 'facts_missing'
>;

const rank: readonly DecisionReason[] = [
  'condition_failed',
  'not_in_force',
  'condition_error',
  'facts_missing',
  'context_missing',
  'resource_missing',
  'conditional',
];

/** Of two decisions that don't grant, the one that says more; of the same kind, the first. */
export function moreTelling(one: Decision | undefined, other: Decision): Decision {
  return one && rank.indexOf(one.reason) >= rank.indexOf(other.reason) ? one : other;
}
