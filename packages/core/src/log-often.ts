import type { Log } from '@secapi/audit';
import { type Clock, systemClock } from '@secapi/kernel';

const pauseMs = 10_000;

/**
 * Logs a failure that may come with every request: at once, and then every ten seconds at most, with how often it came meanwhile. An outage must not
 * be what fills the disk.
 */
export function logOften(log: Log, message: string, now: Clock = systemClock): (error: unknown) => void {
  let next = Number.NEGATIVE_INFINITY;
  let unsaid = 0;
  return function tell(error) {
    const time = now();
    if (time < next && next - time <= pauseMs) {
      unsaid += 1;
      return;
    }
    next = time + pauseMs;
    log.error(message, { error, ...(unsaid > 0 ? { before: unsaid } : {}) });
    unsaid = 0;
  };
}
