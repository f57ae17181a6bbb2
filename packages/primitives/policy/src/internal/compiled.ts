import type { Judge, TenantMembers } from './judge.js';
import type { PermissionRule } from './rules.js';

/** A policy as the package's other parts see it. */
export interface Compiled {
  readonly rules: ReadonlyMap<string, PermissionRule>;
  readonly tenant: TenantMembers | undefined;
  readonly judge: Judge;
}

const compiled = new WeakMap<object, () => Compiled>();

/** Remembers what a policy was compiled to. */
export function remember<P extends object>(policy: P, of: () => Compiled): P {
  compiled.set(policy, of);
  return policy;
}

/** What a policy was compiled to. @throws TypeError for what `createPolicy` did not make */
export function compiledOf(policy: object): Compiled {
  const found = compiled.get(policy);
  if (!found) throw new TypeError('this is not a policy that createPolicy made');
  return found();
}
