import {
  type ClientResolverOptions,
  createClientResolver,
  createHostCheck,
  createProxyWatch,
  framing,
  type ProxyProblem,
} from '@secapi/http';
import type { Exchange } from '../exchange.js';
import type { Guard, GuardOutcome, Refusal } from '../guard.js';
import { adoptIds } from '../request-id.js';
import { compileHttps, type HttpsOptions } from './https.js';

/** What a request must be like before anything else is asked. */
export interface TransportOptions extends ClientResolverOptions, HttpsOptions {
  /** The hosts that are served, with a port where it isn't the scheme's own; `*.example.com` for all under one. @default every well-formed host */
  readonly hosts?: readonly string[];
  /** @default GET, HEAD, POST, PUT, PATCH, DELETE and OPTIONS; never TRACE or CONNECT (ASVS v5.0.0-13.4.4) */
  readonly methods?: readonly string[];
  /** Told once when every request comes from one private address, as they do behind a proxy that isn't trusted. */
  readonly onProxyProblem?: (problem: ProxyProblem) => void;
}

const served = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Decides the client once, and refuses what is not well-formed, not for this host, or not over HTTPS. */
export function transport(options: TransportOptions = {}): Guard {
  const { hosts, httpsOnly, pages, canonicalHost, methods = served, onProxyProblem, ...trust } = options;
  const resolveClient = createClientResolver(trust);
  const checkHost = createHostCheck(hosts ? { hosts } : {});
  const https = compileHttps({
    hosts,
    ...(httpsOnly === undefined ? {} : { httpsOnly }),
    ...(pages ? { pages } : {}),
    ...(canonicalHost === undefined ? {} : { canonicalHost }),
  });
  const allowed = new Set(methods);
  const allow = methods.join(', ');
  const watch = onProxyProblem && createProxyWatch();

  function enter(exchange: Exchange): GuardOutcome {
    const { request } = exchange;
    if (!allowed.has(request.method)) return { code: 'METHOD_NOT_ALLOWED', headers: [['allow', allow]] };
    if (request.target.charCodeAt(0) !== 0x2f && !isForHost(request)) return malformed('target');
    if (request.values('host').length > 1) return malformed('host');
    if (exchange.path.includes('%') && !isPlainlyEncoded(exchange.path)) return malformed('target');
    if (
      request.header('transfer-encoding') !== undefined ||
      (request.header('content-length')?.includes(',') ?? false)
    ) {
      const framed = framing({
        contentLength: request.values('content-length'),
        transferEncoding: request.values('transfer-encoding'),
        version: request.version,
      });
      // Nobody knows where such a request ends, so nothing after it is read (RFC 9112 §6.3).
      if (!framed.ok) return { ...malformed(framed.reason), headers: [['connection', 'close']] };
    }
    const resolved = resolveClient({
      peer: request.peer,
      encrypted: request.encrypted,
      host: request.header('host'),
      ...forwardedFacts(request),
    });
    if (!resolved.ok) return malformed(resolved.reason);
    exchange.client = resolved.client;
    if (resolved.client.viaProxy) adoptIds(exchange);
    const problem = watch?.(resolved.client, isForwarded(request));
    if (problem) onProxyProblem?.(problem);
    if (!checkHost(resolved.client.host).ok) return { code: 'HOST_INVALID', event: failure('host') };
    return https(exchange);
  }

  return { name: 'transport', enter };
}

function forwardedFacts(request: Exchange['request']): {
  forwarded?: string;
  xForwardedFor?: string;
  xForwardedProto?: string;
  xForwardedHost?: string;
  xForwardedPort?: string;
} {
  const forwarded = request.header('forwarded');
  const xForwardedFor = request.header('x-forwarded-for');
  const xForwardedProto = request.header('x-forwarded-proto');
  const xForwardedHost = request.header('x-forwarded-host');
  const xForwardedPort = request.header('x-forwarded-port');
  return {
    ...(forwarded === undefined ? {} : { forwarded }),
    ...(xForwardedFor === undefined ? {} : { xForwardedFor }),
    ...(xForwardedProto === undefined ? {} : { xForwardedProto }),
    ...(xForwardedHost === undefined ? {} : { xForwardedHost }),
    ...(xForwardedPort === undefined ? {} : { xForwardedPort }),
  };
}

function isForwarded(request: Exchange['request']): boolean {
  return request.header('x-forwarded-for') !== undefined || request.header('forwarded') !== undefined;
}

/**
 * Whether a target that is no path is the host's own: the absolute form must name the same host as `Host`, since some servers
 * go by the one and some by the other (RFC 9112 §3.2.2). The form of OPTIONS for a whole server is for none in particular.
 */
function isForHost(request: Exchange['request']): boolean {
  if (request.target === '*') return request.method === 'OPTIONS';
  const named = /^https?:\/\/([^/?#]*)/i.exec(request.target)?.[1];
  return named !== undefined && bare(named) === bare(request.header('host') ?? '');
}

function bare(host: string): string {
  return host.toLowerCase().replace(/:(?:80|443)$/, '');
}

/**
 * Routers differ in what they make of a path that can't be decoded, and of a letter or digit that nobody needs to encode
 * (RFC 3986 §2.3), which only serves to get past a rule; so none of them is asked.
 */
function isPlainlyEncoded(path: string): boolean {
  if (/%(?:3\d|[46][1-9a-f]|[57][\da])/i.test(path)) return false;
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

function malformed(reason: string): Refusal {
  return { code: 'REQUEST_INVALID', event: failure(reason) };
}

function failure(reason: string): {
  event: 'input_validation_fail';
  outcome: 'failure';
  details: { reason: string };
} {
  return { event: 'input_validation_fail', outcome: 'failure', details: { reason } };
}
