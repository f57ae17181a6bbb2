import type { SecurityEvent } from '@secapi/audit';
import { type BrowserReport, readReports } from '@secapi/http';
import {
  type Clock,
  ConfigError,
  checkNumber,
  checkOptions,
  type Duration,
  systemClock,
  toMilliseconds,
} from '@secapi/kernel';
import type { Exchange } from './exchange.js';
import { type RawBodySchema, rawBody } from './raw-body.js';
import { type Answer, answer } from './reply.js';
import { type Route, type RouteLimit, route } from './route.js';

/** How reports of browsers are received. */
export interface ReportReceiverOptions {
  /** The limit that holds for them, by name, with `on: 'route'`: everybody can send reports. */
  readonly limit: string | RouteLimit;
  /** The same report again within it is the same violation. @default '1m' */
  readonly window?: Duration;
  /** Reports that are told of in a window; of the rest only how many they were. @default 200 */
  readonly max?: number;
  readonly now?: Clock;
}

/** The two halves of a route; give both to `protect()`. */
export interface ReportReceiver {
  readonly route: Route<'public', undefined, undefined, RawBodySchema<readonly BrowserReport[]>, undefined>;
  /** Answers 204, whatever the reports say. */
  handler(context: { readonly body: readonly BrowserReport[]; readonly exchange: Exchange }): Answer;
}

/**
 * Receives what browsers report: the Reporting API and the older reports of CSP (ASVS v5.0.0-3.4.7).
 *
 * Each report that is new in its window is an event, `input_validation_fail` with the reason `csp_violation`, in the log and
 * for listeners, never in the trail: it is a claim of whoever sent it. The same violation counts once, and a flood of
 * different ones is cut and counted.
 *
 * @throws ConfigError without a limit
 * @example
 * ```ts
 * const reports = reportReceiver({ limit: 'reports' });
 * app.post('/reports', protect(reports.route, reports.handler));
 * ```
 */
export function reportReceiver(options: ReportReceiverOptions): ReportReceiver {
  checkOptions('reports', options, ['limit', 'window', 'max', 'now']);
  const { limit, max = 200, now = systemClock } = options;
  if (limit === undefined) {
    throw new ConfigError(
      'reports.limit',
      'is missing',
      "name a limit with on: 'route', as everybody can send reports",
    );
  }
  checkNumber('reports.max', max, { min: 1, max: 10_000 });
  const windowMs = toMilliseconds('reports.window', options.window ?? '1m', { min: 1, max: 86_400 });
  const seen = new Set<string>();
  let endsAt = 0;
  let beyond = 0;

  /** Begins a new window once the last one is over; what it left out is told of then. */
  function turn(exchange: Exchange): void {
    const time = now();
    if (time < endsAt) return;
    endsAt = time + windowMs;
    seen.clear();
    if (beyond === 0) return;
    exchange.raise({ ...common, outcome: 'failure', details: { reason: 'reports_left_out', count: beyond } });
    beyond = 0;
  }

  function handler({
    body,
    exchange,
  }: {
    readonly body: readonly BrowserReport[];
    readonly exchange: Exchange;
  }): Answer {
    turn(exchange);
    for (const report of body) {
      const key = keyOf(report);
      if (seen.has(key)) continue;
      if (seen.size >= max) {
        beyond += 1;
        continue;
      }
      seen.add(key);
      exchange.raise(eventOf(report));
    }
    return answer(204);
  }

  return {
    route: route({
      access: 'public',
      limit,
      body: rawBody<readonly BrowserReport[]>({
        types: ['application/reports+json', 'application/csp-report'],
        limit: 65_536,
        read(bytes, type) {
          const read = readReports(bytes, type);
          return read.ok
            ? { ok: true, value: read.reports }
            : { ok: false, reason: read.reason.toLowerCase() };
        },
      }),
    }),
    handler,
  };
}

const common = { event: 'input_validation_fail', trail: false } as const;

function keyOf(report: BrowserReport): string {
  return report.type === 'csp-violation'
    ? JSON.stringify([report.disposition, report.directive, report.blocked, report.document])
    : JSON.stringify([report.type, report.document]);
}

function eventOf(report: BrowserReport): SecurityEvent {
  if (report.type !== 'csp-violation') {
    const details = { reason: 'browser_report', type: report.type, document: report.document };
    return { ...common, outcome: 'failure', level: 'info', details };
  }
  const { disposition, directive, blocked, document, source = null, line = null } = report;
  return {
    ...common,
    // What a policy that only reports would have stopped went through.
    outcome: disposition === 'enforce' ? 'denied' : 'failure',
    details: { reason: 'csp_violation', disposition, directive, blocked, document, source, line },
  };
}
