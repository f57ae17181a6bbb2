import { andThen, type MaybePromise } from '@secapi/kernel';
import type { Penalties } from '@secapi/rate-limit';
import type { Exchange } from '../exchange.js';
import type { Guard, GuardOutcome, Refusal } from '../guard.js';

/** How many requests are held back at the same time: each keeps a socket open. Beyond, they are refused. */
const mostDelayed = 1_000;

/** Refuses clients that are banned, and holds back those who were past a limit too often. */
export function penalize(penalties: Penalties): Guard {
  let delayed = 0;

  function enter(exchange: Exchange): MaybePromise<GuardOutcome> {
    if (exchange.exempt) return undefined;
    return andThen(penalties.check(exchange.client.network), ({ banned, retryAfterMs, delayMs }) => {
      if (banned) return refusal(retryAfterMs);
      if (delayMs === 0) return undefined;
      if (delayed >= mostDelayed) return refusal(delayMs);
      delayed += 1;
      return wait(delayMs, exchange.request.signal).then(() => {
        delayed -= 1;
        return undefined;
      });
    });
  }

  return { name: 'penalties', enter };
}

function refusal(waitMs: number): Refusal {
  return {
    code: 'RATE_LIMITED',
    headers: [['retry-after', String(Math.max(1, Math.ceil(waitMs / 1_000)))]],
    event: {
      event: 'excess_rate_limit_exceeded',
      outcome: 'denied',
      trail: false, // the refusals that led to it are there
      details: { limit: 'penalties' },
    },
  };
}

/** Waits, or until the client has gone. */
function wait(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal?.addEventListener('abort', end);
    if (signal?.aborted) end();
  });
}
