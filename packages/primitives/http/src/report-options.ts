import { ConfigError, checkOptions } from '@secapi/kernel';

/** Where browsers send what they stopped (Reporting API, CSP3 §5). */
export interface ReportOptions {
  /** An address on HTTPS, or a path of the same host like `/reports`. */
  readonly url: string;
  /** The name of the endpoint in `Reporting-Endpoints`. @default 'csp' */
  readonly endpoint?: string;
}

/** Compiled {@link ReportOptions}: what the policies say, and the header that explains it. */
export interface CompiledReports {
  readonly url: string;
  readonly endpoint: string;
  /** The value of `Reporting-Endpoints`. */
  readonly header: string;
}

/** @throws ConfigError for an address that isn't one, isn't on HTTPS, or would end the directive that it stands in */
export function compileReports(options: ReportOptions): CompiledReports {
  checkOptions('headers.reports', options, ['url', 'endpoint']);
  const { url, endpoint = 'csp' } = options;
  if (typeof url !== 'string' || !isEndpoint(url)) {
    throw new ConfigError(
      'headers.reports.url',
      'is no address for reports',
      "write '/reports' or 'https://…'",
    );
  }
  if (typeof endpoint !== 'string' || !/^[a-z][a-z0-9_-]{0,40}$/.test(endpoint)) {
    throw new ConfigError('headers.reports.endpoint', 'is not a name', "write it like 'csp'");
  }
  return { url, endpoint, header: `${endpoint}="${url}"` };
}

function isEndpoint(url: string): boolean {
  if (url.length > 500 || !/^[!#-+.-:=?-[\]_a-z~]+$/.test(url)) return false;
  if (url.startsWith('/')) return !url.startsWith('//');
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, username, password } = new URL(url);
  if (username !== '' || password !== '') return false;
  return (
    protocol === 'https:' || (protocol === 'http:' && (hostname === 'localhost' || hostname === '127.0.0.1'))
  );
}
