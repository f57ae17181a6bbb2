import { belongsInTrail, type Log, logEvent, type SecurityEvent, type Trail } from '@secapi/audit';
import type { MaybePromise } from '@secapi/kernel';
import type { Exchange } from './exchange.js';

/** Where the shield tells what it did. */
export interface ReporterOptions {
  /** Gets every event and every error, masked. */
  readonly log: Log;
  /** Gets the events that belong in the trail; the answer waits until they are durable. @default none */
  readonly trail?: Pick<Trail, 'append'>;
  /** Further listeners; one that throws is logged and stops nothing. */
  readonly listeners?: readonly ((event: SecurityEvent) => void)[];
}

/** Writes what was raised. */
export interface Reporter {
  readonly log: Log;
  /** The log for one request: its lines name its trace, where it has one. */
  logOf(exchange: Exchange): Log;
  /** Writes the exchange's events; what it returns resolves once those of the trail are durable. */
  flush(exchange: Exchange): MaybePromise<void>;
}

/** Makes the reporter of a shield. */
export function createReporter({ log, trail, listeners = [] }: ReporterOptions): Reporter {
  function tell(event: SecurityEvent, to: Log): void {
    logEvent(to, event);
    for (const listener of listeners) {
      try {
        listener(event);
      } catch (error) {
        log.error('a listener of security events failed', { error });
      }
    }
  }

  function flush(exchange: Exchange): MaybePromise<void> {
    if (exchange.events.length === 0) return undefined;
    const events = exchange.events.splice(0);
    const to = logOf(exchange);
    for (const event of events) tell(event, to);
    const lasting = trail ? events.filter(belongsInTrail) : [];
    return lasting.length > 0 ? trail?.append(lasting) : undefined;
  }

  function logOf({ traceId }: Exchange): Log {
    return traceId === undefined ? log : traced(log, traceId);
  }

  return { log, logOf, flush };
}

/** The same log, with the trace in every line. */
function traced(log: Log, traceId: string): Log {
  const add = (level: keyof Log) => (message: string, fields?: object) =>
    log[level](message, { ...fields, traceId });
  return { debug: add('debug'), info: add('info'), warn: add('warn'), error: add('error') };
}
