import { ConfigError, toMilliseconds } from '@secapi/kernel';
import type { Exchange } from './exchange.js';
import type { Refusal } from './guard.js';
import type { RouteSecurity } from './route.js';

/** How far the clock of whoever signed the token may be ahead, in milliseconds; the verifier allows no more either. */
const ahead = 300_000;

/**
 * Compiles `signedInWithin`: refuses a principal who did not prove who it is for longer than that, with the challenge
 * that tells a client what to do about it (RFC 9470 §3).
 *
 * @throws ConfigError when the route demands no principal, or the time is none
 */
export function compileStepUp({
  access,
  signedInWithin,
}: RouteSecurity): (exchange: Exchange) => Refusal | undefined {
  if (signedInWithin === undefined) return () => undefined;
  if (access === 'public' || access === 'optional') {
    throw new ConfigError(
      'route.signedInWithin',
      `makes no sense where access is '${access}'`,
      "give access 'signed-in' or a permission",
    );
  }
  const maxAge = toMilliseconds('route.signedInWithin', signedInWithin, { min: 1, max: 30 * 86_400 });
  const challenge = `Bearer error="insufficient_user_authentication", error_description="A more recent sign-in is required", max_age="${Math.floor(maxAge / 1_000)}"`;

  return function check(exchange) {
    const at = exchange.principal?.authenticatedAt;
    // Written so that NaN and what is no number are refused.
    if (typeof at === 'number' && exchange.receivedAt - at <= maxAge && at <= exchange.receivedAt + ahead)
      return undefined;
    return {
      code: 'STEP_UP_REQUIRED',
      headers: [['www-authenticate', challenge]],
      // Not for the trail: it is what every honest client meets.
      event: {
        event: 'authz_fail',
        outcome: 'denied',
        trail: false,
        target: exchange.path,
        details: { reason: 'step_up_required' },
      },
    };
  };
}
