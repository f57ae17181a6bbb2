import { ConfigError, checkNumber, checkOptions, isPromise, type MaybePromise } from '@secapi/kernel';
import { type CompiledRule, compileRule, type LimitRule } from '@secapi/rate-limit';
import type { Exchange } from '../exchange.js';
import { canonicalPath } from './canonical-path.js';
import { type CompiledSubject, compileSubject, type LimitBy } from './subject.js';

/** What somebody's plan allows instead of what a limit declares. */
export interface LimitPlan {
  readonly limit: number;
  /** @default the limit's own; another one has counters of its own */
  readonly window?: LimitRule['window'];
  /** For `token-bucket` and `gcra`. @default limit */
  readonly burst?: number;
}

/** One limit by name: how much in which window, and how it counts (`algorithm`, `burst`, `whenStoreFails`), as in `@secapi/rate-limit`. */
export interface LimitOptions extends Omit<LimitRule, 'name'> {
  /** Whose requests are counted together. @default 'client' */
  readonly by?: LimitBy;
  /** What is counted. It is reserved in advance, and given back when the request turns out not to count. @default 'all' */
  readonly count?: 'all' | 'failures' | 'successes';
  /** `'request'`: counted before routing; `'route'`: only on routes that name it in `limit`. @default 'request' */
  readonly on?: 'request' | 'route';
  /** Counts only paths under these prefixes, compared in canonical form, so that no other spelling escapes. @default every path */
  readonly paths?: readonly string[];
  /** How much a request takes of it; a route can say otherwise. @default 1 */
  readonly cost?: number | ((exchange: Exchange) => number);
  /** Counts and reports, and refuses nothing. @default false */
  readonly observe?: boolean;
  /**
   * What the caller's plan allows, looked up for each request: for limits by principal, by tenant, or of routes. Where it gives nothing or fails, the limit
   * holds as it is declared. What it says counts from the next request on.
   */
  readonly plan?: (exchange: Exchange) => MaybePromise<LimitPlan | undefined>;
}

/** A limit that is ready for use. */
export interface Limit {
  readonly name: string;
  readonly rule: CompiledRule;
  readonly subject: CompiledSubject;
  readonly count: 'all' | 'failures' | 'successes';
  readonly on: 'request' | 'route';
  readonly paths: readonly string[] | undefined;
  readonly observe: boolean;
  costOf(exchange: Exchange): number;
  /** The rule for this request, where plans differ. */
  readonly ruleFor: ((exchange: Exchange) => MaybePromise<CompiledRule>) | undefined;
}

const known = [
  ...['limit', 'window', 'algorithm', 'burst', 'whenStoreFails'],
  ...['by', 'count', 'on', 'paths', 'cost', 'observe', 'plan'],
];
const mostPlans = 1_000;

/**
 * Validates limits by name.
 *
 * @param onPlanFailure told when a plan could not be looked up
 * @throws ConfigError for a limit that makes no sense
 */
export function compileLimits(
  limits: Readonly<Record<string, LimitOptions>>,
  onPlanFailure: (error: unknown) => void = () => {},
): Limit[] {
  return Object.entries(limits).map(([name, options]) => {
    const option = `limits.${name}`;
    checkOptions(option, options, known);
    if (!/^[a-z][a-z0-9-]{0,31}$/.test(name))
      throw new ConfigError(option, 'is not a name', "use a short name like 'api'");
    for (const path of options.paths ?? []) {
      if (!path.startsWith('/') || canonicalPath(path) !== path) {
        const remedy = "write it in lower case and like '/api/'";
        throw new ConfigError(`${option}.paths`, 'has a prefix that is not canonical', remedy);
      }
    }
    const rule = compileRule(ruleOf(name, options));
    const count = oneOf(`${option}.count`, options.count ?? 'all', ['all', 'failures', 'successes']);
    if (count !== 'all' && rule.algorithm === 'concurrency') {
      const remedy = "leave count out: 'concurrency' counts what is under way";
      throw new ConfigError(`${option}.count`, 'means nothing to what is under way', remedy);
    }
    return {
      name,
      rule,
      subject: compileSubject(`${option}.by`, name, options.by ?? 'client'),
      count,
      on: oneOf(`${option}.on`, options.on ?? 'request', ['request', 'route']),
      paths: options.paths,
      observe: options.observe ?? false,
      costOf: compileCost(`${option}.cost`, options.cost ?? 1),
      ruleFor: compilePlan(name, rule, options, onPlanFailure),
    };
  });
}

function ruleOf(name: string, options: LimitOptions, plan: Partial<LimitPlan> = {}): LimitRule {
  const { limit, window, algorithm, whenStoreFails } = options;
  const burst = plan.limit === undefined ? options.burst : plan.burst;
  return {
    name,
    limit: plan.limit ?? limit,
    window: plan.window ?? window,
    ...(algorithm && { algorithm }),
    ...(whenStoreFails && { whenStoreFails }),
    ...(burst !== undefined && { burst }),
  };
}

function compileCost(option: string, cost: number | ((exchange: Exchange) => number)): Limit['costOf'] {
  if (typeof cost === 'function') return cost;
  checkNumber(option, cost, { min: 1, max: 1_000_000 });
  return () => cost;
}

function compilePlan(
  name: string,
  declared: CompiledRule,
  options: LimitOptions,
  onFailure: (error: unknown) => void,
): Limit['ruleFor'] {
  const { plan } = options;
  if (plan === undefined) return undefined;
  if (typeof plan !== 'function')
    throw new ConfigError(`limits.${name}.plan`, 'is not a function', 'look plans up by the exchange');
  const rules = new Map<string, CompiledRule>();

  function ruleOfPlan(found: LimitPlan | undefined): CompiledRule {
    if (!found) return declared;
    const id = `${found.limit} ${found.window} ${found.burst}`;
    const before = rules.get(id);
    if (before) return before;
    const rule = compileRule(ruleOf(name, options, found));
    if (rules.size >= mostPlans) rules.clear();
    rules.set(id, rule);
    return rule;
  }

  function fail(error: unknown): CompiledRule {
    onFailure(error);
    return declared;
  }

  return function ruleFor(exchange) {
    try {
      const found = plan(exchange);
      return isPromise(found) ? found.then(ruleOfPlan).catch(fail) : ruleOfPlan(found);
    } catch (error) {
      return fail(error);
    }
  };
}

function oneOf<T extends string>(option: string, value: T, allowed: readonly T[]): T {
  if (!allowed.includes(value))
    throw new ConfigError(option, 'is not known', `use one of ${allowed.join(', ')}`);
  return value;
}
