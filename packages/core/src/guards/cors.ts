import { type Cors, type CorsOptions, type CorsVerdict, createCors, isOwnOrigin } from '@secapi/http';
import { andThen, checkOptions, type MaybePromise } from '@secapi/kernel';
import type { Exchange } from '../exchange.js';
import type { Guard, GuardOutcome } from '../guard.js';
import { compilePathRules } from './path-rules.js';

/** A policy, and whether it is also held up on the server. */
export interface CorsRule extends CorsOptions {
  /**
   * Refuses what an origin that isn't allowed would change (403 `ORIGIN_REFUSED`), where the protocol only keeps its
   * page from reading the answer.
   *
   * @default false
   */
  readonly refuse?: boolean;
}

/** Options of {@link cors}: a policy, and others for parts of the API. */
export interface CorsGuardOptions extends CorsRule {
  /**
   * Whole policies by prefixes of paths, the longest of which decides; nothing is inherited. They go by the path and not
   * by the route, because a preflight is answered before there is one. A path that can be read in two ways is shared
   * with nobody.
   */
  readonly paths?: Readonly<Record<string, CorsRule>>;
}

/** The guard, and what others ask it. */
export interface CorsGuard extends Guard {
  /** Whether the request's origin may act with its user's cookies on this path: allowed, and with credentials. */
  trusts(exchange: Exchange): MaybePromise<boolean>;
}

interface Rule {
  readonly policy: Cors<MaybePromise<CorsVerdict>>;
  readonly refuse: boolean;
  readonly credentials: boolean;
}

const nobody: Rule = { policy: createCors({ origins: [] }), refuse: true, credentials: false };

/**
 * Answers preflights, before limits and authentication, and tells browsers who may read an answer.
 *
 * @param onLookupFailure told of what `originAllowed` throws, or answers too late, where `originLookup` names nobody
 * @throws ConfigError for a policy that can't be meant, here or under a path
 */
export function cors(options: CorsGuardOptions, onLookupFailure?: (error: unknown) => void): CorsGuard {
  const { paths = {}, ...main } = options;
  checkOptions('cors.paths', paths, Object.keys(paths));
  const others = compile(main, onLookupFailure);
  const rules = Object.entries(paths).map(
    ([prefix, rule]) => [prefix, compile(rule, onLookupFailure)] as const,
  );
  const ruleAt = compilePathRules('cors.paths', Object.fromEntries(rules), others);

  function enter(exchange: Exchange): MaybePromise<GuardOutcome> {
    const { request } = exchange;
    const origin = request.header('origin');
    const { policy, refuse } = ruleAt(exchange.path) ?? nobody;
    const method = request.header('access-control-request-method');
    if (request.method === 'OPTIONS' && origin !== undefined && method !== undefined) {
      const preflight = policy.preflight({
        origin,
        method,
        headers: request.header('access-control-request-headers'),
        privateNetwork: request.header('access-control-request-private-network'),
      });
      return andThen(preflight, afterPreflight);
    }
    // Browsers send the own origin along with what isn't GET or HEAD.
    const own = origin !== undefined && isOwnOrigin(origin, exchange.client) ? origin : undefined;
    return andThen(policy.actual(origin, own), ({ allowed, headers }): GuardOutcome => {
      exchange.setHeaders(headers);
      if (allowed) return undefined;
      if (refuse && !isSafe(request.method)) return refusal([]);
      exchange.raise(withheld);
      return undefined;
    });
  }

  function trusts(exchange: Exchange): MaybePromise<boolean> {
    const origin = exchange.request.header('origin');
    const { policy, credentials } = ruleAt(exchange.path) ?? nobody;
    return origin !== undefined && credentials && andThen(policy.actual(origin), ({ allowed }) => allowed);
  }

  return { name: 'cors', enter, trusts };
}

function compile({ refuse = false, ...options }: CorsRule, onFailure?: (error: unknown) => void): Rule {
  const { originAllowed } = options;
  const told: CorsOptions =
    originAllowed && onFailure
      ? { ...options, originLookup: { onFailure, ...options.originLookup } }
      : options;
  return { policy: createCors(told), refuse, credentials: options.credentials === true };
}

// It costs nobody anything to be denied, and whoever is could fill the trail.
const denied = { event: 'malicious_cors', outcome: 'denied', trail: false } as const;
/** The page was only kept from reading: that happens to every stray link of another site. */
const withheld = { ...denied, level: 'warn' } as const;

function afterPreflight({ allowed, headers }: CorsVerdict): GuardOutcome {
  return allowed ? { reply: { status: 204, headers } } : refusal(headers);
}

function refusal(headers: CorsVerdict['headers']): GuardOutcome {
  return { code: 'ORIGIN_REFUSED', headers, event: denied };
}

function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}
