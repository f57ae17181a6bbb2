import type { Step } from '../explain.js';
import { inScope, type Question } from './asked.js';
import type { Judge } from './judge.js';
import type { PermissionRule, Source } from './rules.js';

/** Every rule that has a say for one principal, with what comes of it; none is left out because another decided before. */
export function stepsOf(rule: PermissionRule, judge: Judge, asked: Question): Step[] {
  const { principal, resource, context, some } = asked;
  const ask = (of: Source) => judge.ask(of, principal, resource, context, some);
  const steps: Step[] = [];
  const add = (effect: Step['effect'], of: Source, outcome: Step['outcome']) => {
    const { role, condition, rule: place = '' } = of;
    steps.push(
      Object.freeze({
        rule: place,
        effect,
        outcome,
        ...(role !== undefined && { role }),
        ...(condition !== undefined && { condition }),
        principal: principal.id,
      }),
    );
  };
  if (principal.scopes !== undefined) {
    add('bound', rule.byScope, inScope(rule, principal) ? 'granted' : 'out_of_scope');
  }
  if (rule.tenant) {
    add('bound', rule.byTenant, judge.sameTenant(principal, resource) ? 'granted' : 'other_tenant');
  }
  const roles = judge.rolesOf(rule, principal);
  for (const of of judge.forbidsOf(rule, principal)) {
    add('forbid', of, ask(of));
  }
  for (const { always, conditional } of roles) {
    for (const of of always ? [always, ...conditional] : conditional) add('grant', of, ask(of));
  }
  for (const { of, outcome } of judge.grantsOf(rule, asked)) add('grant', of, outcome);
  return steps;
}
