import type { CompiledRule } from './rule.js';
import type { LimitState } from './sliding-window.js';

/** Header fields: names in lower case, in the order in which they are sent. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

/** What the header fields tell of one limit. */
export type ReportedState = Pick<LimitState, 'allowed' | 'remaining' | 'resetMs' | 'retryAfterMs'> & {
  readonly rule: CompiledRule;
};

/**
 * The header fields that tell a client about its limits: `ratelimit-policy` and `ratelimit` (draft-ietf-httpapi-ratelimit-headers-11),
 * and, when a limit refused the request, `retry-after` (RFC 9110 §10.2.3) with the longest wait.
 *
 * Times are whole seconds, rounded up, so that a client that waits as long is let in; `t` of the limit that refuses longest equals `retry-after`.
 *
 * @returns nothing for no states
 */
export function rateLimitHeaders(states: readonly ReportedState[]): HeaderList {
  if (states.length === 0) return [];
  let policy = '';
  let limit = '';
  let retryAfterMs = 0;
  for (const { rule, allowed, remaining, resetMs, retryAfterMs: wait } of states) {
    const comma = policy === '' ? '' : ', ';
    policy += comma + rule.policy;
    limit += `${comma}"${rule.name}";r=${remaining};t=${seconds(allowed ? resetMs : wait)}`;
    if (!allowed && wait > retryAfterMs) retryAfterMs = wait;
  }
  const fields: [string, string][] = [
    ['ratelimit-policy', policy],
    ['ratelimit', limit],
  ];
  if (states.some((state) => !state.allowed))
    fields.push(['retry-after', String(Math.max(1, seconds(retryAfterMs)))]);
  return fields;
}

/**
 * The header fields of old that many clients still read, `x-ratelimit-limit`, `-remaining` and `-reset`: of the one limit that refuses
 * longest, or else of the one that has the smallest part left. `-reset` is a time in seconds since 1970, as GitHub and others send it.
 *
 * @returns nothing for no states
 */
export function legacyRateLimitHeaders(
  states: readonly (ReportedState & Pick<LimitState, 'at'>)[],
): HeaderList {
  const [tightest] = states.toSorted((one, other) => {
    if (one.retryAfterMs !== other.retryAfterMs) return other.retryAfterMs - one.retryAfterMs;
    return one.remaining / one.rule.limit - other.remaining / other.rule.limit;
  });
  if (!tightest) return [];
  const { rule, allowed, remaining, resetMs, retryAfterMs, at } = tightest;
  return [
    ['x-ratelimit-limit', String(rule.limit)],
    ['x-ratelimit-remaining', String(allowed ? remaining : 0)],
    ['x-ratelimit-reset', String(seconds(at + (allowed ? resetMs : retryAfterMs)))],
  ];
}

function seconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1_000);
}
