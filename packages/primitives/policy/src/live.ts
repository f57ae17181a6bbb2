import { ConfigError, checkOptions } from '@secapi/kernel';
import type { Condition } from './condition.js';
import { compiledOf, remember } from './internal/compiled.js';
import { createPolicy, type Policy } from './policy.js';
import type { ConditionFailure, PolicyOptions, Resources } from './types.js';

/** A policy that can be replaced while it is in use: every decision is made by one version as a whole. */
export interface LivePolicy<P extends string = string> extends Policy<P> {
  /** 1 for the first policy, one more for each that has replaced it. */
  readonly version: number;
  /**
   * Puts another policy in its place, at once and for everybody who holds this one.
   *
   * @returns the new version
   * @throws ConfigError when it lacks a permission of the one before, which routes may demand; that one then stays
   */
  replace(next: Policy<P>): number;
}

/** Holds a policy that can be replaced. */
export function livePolicy<P extends string>(initial: Policy<P>): LivePolicy<P> {
  compiledOf(initial);
  let current = initial;
  let version = 1;

  function replace(next: Policy<P>): number {
    compiledOf(next);
    const lost = [...current.permissions].filter((permission) => !next.permissions.has(permission));
    if (lost.length > 0) {
      throw new ConfigError(
        'policy.resources',
        `no longer declares ${lost.slice(0, 5).join(', ')}`,
        'keep every permission that routes may demand, and grant it to nobody',
      );
    }
    current = next;
    version++;
    return version;
  }

  const live: LivePolicy<P> = Object.freeze({
    get permissions() {
      return current.permissions;
    },
    get roles() {
      return current.roles;
    },
    get readable() {
      return current.readable;
    },
    get writable() {
      return current.writable;
    },
    get version() {
      return version;
    },
    decide: (...asked) => current.decide(...asked),
    allowsSome: (...asked) => current.allowsSome(...asked),
    fields: (...asked) => current.fields(...asked),
    view: (...asked) => current.view(...asked),
    replace,
  } satisfies LivePolicy<P>);
  return remember(live, () => compiledOf(current));
}

/** What JSON can't hold. */
export interface FromJsonOptions {
  /** The conditions that the policy may name. @default none */
  readonly conditions?: Readonly<Record<string, Condition>>;
  readonly onConditionError?: (error: unknown, failure: ConditionFailure) => void;
}

const inJson = ['resources', 'roles', 'forbids', 'tenant', 'readable', 'writable', 'conceal'];
/** Characters of a policy at most. */
const longest = 4_000_000;

/**
 * A policy from JSON: the options of `createPolicy` as data. Conditions are code, and only named in it.
 *
 * @param json a text, or what one was parsed to
 * @throws ConfigError for what is no JSON, and for all that `createPolicy` refuses
 */
export function policyFromJson(json: unknown, options: FromJsonOptions = {}): Policy {
  checkOptions('policyFromJson', options, ['conditions', 'onConditionError']);
  const given = typeof json === 'string' ? parse(json) : json;
  checkOptions('policy', given, inJson);
  return createPolicy<Resources, string>({
    ...(given as PolicyOptions<Resources, string, string>), // checked by createPolicy, as everything unknown to types
    ...(options.conditions && { conditions: options.conditions }),
    ...(options.onConditionError && { onConditionError: options.onConditionError }),
  });
}

function parse(text: string): unknown {
  try {
    if (text.length <= longest) return JSON.parse(text);
  } catch {
    // The parser's message quotes the text.
  }
  throw new ConfigError('policy', 'is not JSON', `pass a JSON object of at most ${longest} characters`);
}
