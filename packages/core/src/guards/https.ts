import { createHostCheck, type HeaderList } from '@secapi/http';
import { ConfigError } from '@secapi/kernel';
import type { Exchange } from '../exchange.js';
import type { GuardOutcome } from '../guard.js';
import { compilePathRules } from './path-rules.js';

/** What becomes of plain HTTP. */
export interface HttpsOptions {
  /**
   * `'refuse'`, or `true`: 403 `HTTPS_REQUIRED` (ASVS v5.0.0-4.1.2: an API that redirects lets its clients send tokens in the
   * clear and never notice). `'redirect'`: everything is a page. `false`: plain HTTP is served. A socket from the same
   * machine is excepted, unless a trusted proxy says that its client came over plain HTTP.
   *
   * @default 'refuse'
   */
  readonly httpsOnly?: boolean | 'refuse' | 'redirect';
  /**
   * Prefixes of paths under which there are pages for people: plain HTTP is redirected there (308), while everything else
   * is refused. Only GET and HEAD, and never a request with an `Authorization`.
   *
   * @default none
   */
  readonly pages?: readonly string[];
  /** The host that redirects lead to, with a port where it isn't 443. @default the request's own, which must be one of `hosts` */
  readonly canonicalHost?: string;
  /** The hosts that are served; where there are none, redirects need a `canonicalHost`. */
  readonly hosts?: readonly string[] | undefined;
}

const longest = 2_000;

/**
 * Compiles what becomes of a request over plain HTTP.
 *
 * @throws ConfigError when a redirect would lead where the request says, and on options that make no sense
 */
export function compileHttps(options: HttpsOptions): (exchange: Exchange) => GuardOutcome {
  const { httpsOnly = true, pages, canonicalHost, hosts } = options;
  if (![true, false, 'refuse', 'redirect'].includes(httpsOnly)) {
    throw new ConfigError('transport.httpsOnly', 'is not known', "use 'refuse', 'redirect' or false");
  }
  if (canonicalHost !== undefined) checkCanonical(canonicalHost);
  if (pages !== undefined && (!Array.isArray(pages) || httpsOnly === false || httpsOnly === 'redirect')) {
    throw new ConfigError(
      'transport.pages',
      Array.isArray(pages) ? 'say nothing beside that httpsOnly' : 'are not a list',
      "list prefixes like ['/docs/'] beside httpsOnly: 'refuse'",
    );
  }
  const redirects = httpsOnly === 'redirect' || (pages !== undefined && pages.length > 0);
  if (redirects && canonicalHost === undefined && hosts === undefined) {
    throw new ConfigError(
      'transport.canonicalHost',
      'is missing: a redirect would lead wherever a request says',
      "write the host of your pages, like 'www.example.com', or list transport.hosts",
    );
  }
  if (httpsOnly === false) return () => undefined;
  const isPage = compilePathRules<boolean>(
    'transport.pages',
    Object.fromEntries((pages ?? []).map((prefix) => [prefix, true])),
    httpsOnly === 'redirect',
  );

  function redirect({ request, path, query, client }: Exchange): HeaderList | undefined {
    if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
    if (request.header('authorization') !== undefined) return undefined;
    const host = canonicalHost ?? client.host?.replace(/:\d+$/, '');
    const target = query === '' ? path : `${path}?${query}`;
    if (host === undefined || !/^\/[!-~]*$/.test(target) || target.length > longest) return undefined;
    return [['location', `https://${host}${target.replace(/["<>\\^`{|}]/g, encodeURIComponent)}`]];
  }

  return function https(exchange: Exchange): GuardOutcome {
    if (exchange.client.secure || fromThisMachine(exchange)) return undefined;
    const headers = isPage(exchange.path) ? redirect(exchange) : undefined;
    return headers ? { reply: { status: 308, headers } } : { code: 'HTTPS_REQUIRED' };
  };
}

function checkCanonical(host: unknown): void {
  const isHost = createHostCheck();
  if (typeof host === 'string' && host === host.toLowerCase() && isHost(host).ok) return;
  throw new ConfigError(
    'transport.canonicalHost',
    'is not a host in lower case',
    "write a name without scheme or path, like 'www.example.com'",
  );
}

function fromThisMachine({ request, client }: Exchange): boolean {
  if (client.viaProxy && (request.header('x-forwarded-proto') ?? request.header('forwarded')) !== undefined)
    return false;
  const peer = request.peer ?? '';
  return peer === '::1' || /^(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(peer);
}
