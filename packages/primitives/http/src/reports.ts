import { cleanUrl, clip, nameOf, numberOf } from './internal/report-fields.js';

/** Something that a browser stopped, or would have stopped, by a Content-Security-Policy. */
export interface CspReport {
  readonly type: 'csp-violation';
  /** `report` for a policy that only reports. */
  readonly disposition: 'enforce' | 'report';
  /** The directive that was violated, like `script-src-elem`. */
  readonly directive: string;
  /** What was stopped: an address without query, a scheme, or a word like `inline`. */
  readonly blocked: string;
  /** The page, without query and fragment. */
  readonly document: string;
  /** Where the violation came from, where the browser knows. */
  readonly source?: string;
  readonly line?: number;
  readonly column?: number;
}

/** Anything else that the Reporting API tells of, by its type alone. */
export interface OtherReport {
  readonly type: (typeof otherTypes)[number];
  /** The page, without query and fragment. */
  readonly document: string;
}

/** What a browser reported. All of it is a claim: everybody can send reports. */
export type BrowserReport = CspReport | OtherReport;

/** Why a body is no reports. */
export type ReportsRefusal = 'REPORTS_TYPE' | 'REPORTS_TOO_LARGE' | 'REPORTS_SYNTAX';

/** The reports of a body, and how many more it held that say nothing or are too many. */
export type ReportsResult =
  | { readonly ok: true; readonly reports: readonly BrowserReport[]; readonly dropped: number }
  | { readonly ok: false; readonly reason: ReportsRefusal };

const otherTypes = [
  'coep',
  'coop',
  'crash',
  'deprecation',
  'document-policy-violation',
  'integrity-violation',
  'intervention',
  'network-error',
  'permissions-policy-violation',
] as const;
/** Bytes of a body; browsers keep reports for a minute or so and send them together. */
const maxBytes = 65_536;
/** Reports of a body. */
const maxReports = 50;

/**
 * Reads what browsers report: the lists of the Reporting API (`application/reports+json`) and the older single reports of
 * CSP (`application/csp-report`). Fields that are not named here are dropped, among them samples of scripts and the
 * policy; texts are cut, and addresses lose their query, fragment and user.
 *
 * @param contentType the request's `Content-Type`
 * @returns at most 50 reports, of at most 64 KB
 */
export function readReports(bytes: Uint8Array, contentType: string | undefined): ReportsResult {
  const type = mediaType(contentType);
  if (type !== 'application/reports+json' && type !== 'application/csp-report') {
    return { ok: false, reason: 'REPORTS_TYPE' };
  }
  if (bytes.byteLength > maxBytes) return { ok: false, reason: 'REPORTS_TOO_LARGE' };
  const parsed = parse(bytes);
  if (parsed === undefined) return { ok: false, reason: 'REPORTS_SYNTAX' };
  return type === 'application/csp-report' ? readLegacy(parsed) : readList(parsed);
}

function mediaType(contentType: string | undefined): string | undefined {
  return contentType === undefined || contentType.length > 200
    ? undefined
    : contentType.split(';', 1)[0]?.trim().toLowerCase();
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function readLegacy(parsed: unknown): ReportsResult {
  const body = recordOf(recordOf(parsed)?.['csp-report']);
  if (!body) return { ok: false, reason: 'REPORTS_SYNTAX' };
  const report = cspReport({
    document: body['document-uri'],
    blocked: body['blocked-uri'],
    // Older browsers put the whole directive, sources and all, where only its name belongs.
    directive: body['effective-directive'] ?? firstWord(body['violated-directive']),
    disposition: body.disposition,
    source: body['source-file'],
    line: body['line-number'],
    column: body['column-number'],
  });
  return report ? { ok: true, reports: [report], dropped: 0 } : { ok: true, reports: [], dropped: 1 };
}

function readList(parsed: unknown): ReportsResult {
  const list = Array.isArray(parsed) ? (parsed as readonly unknown[]) : [parsed];
  const reports: BrowserReport[] = [];
  for (const item of list.slice(0, maxReports)) {
    const report = readReport(recordOf(item));
    if (report === false) return { ok: false, reason: 'REPORTS_SYNTAX' };
    if (report) reports.push(report);
  }
  return { ok: true, reports, dropped: list.length - reports.length };
}

/** A report, nothing for one that says nothing, or `false` for what is none at all. */
function readReport(item: Record<string, unknown> | undefined): BrowserReport | undefined | false {
  if (typeof item?.type !== 'string') return false;
  const body = recordOf(item.body) ?? {};
  if (item.type === 'csp-violation') {
    return cspReport({
      document: body.documentURL ?? item.url,
      blocked: body.blockedURL,
      directive: body.effectiveDirective ?? firstWord(body.violatedDirective),
      disposition: body.disposition,
      source: body.sourceFile,
      line: body.lineNumber,
      column: body.columnNumber,
    });
  }
  const type = otherTypes.find((known) => known === item.type);
  const document = cleanUrl(item.url);
  return type && document !== undefined ? { type, document } : undefined;
}

function cspReport(fields: Readonly<Record<string, unknown>>): CspReport | undefined {
  const directive = nameOf(fields.directive);
  const document = cleanUrl(fields.document);
  if (directive === undefined || document === undefined) return undefined;
  const source = cleanUrl(fields.source);
  const line = numberOf(fields.line);
  const column = numberOf(fields.column);
  return {
    type: 'csp-violation',
    disposition: fields.disposition === 'report' ? 'report' : 'enforce',
    directive,
    blocked: cleanUrl(fields.blocked) ?? '',
    document,
    ...(source === undefined ? {} : { source }),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
  };
}

function recordOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

function firstWord(value: unknown): unknown {
  return typeof value === 'string' ? clip(value, 100).trim().split(' ', 1)[0] : undefined;
}
