import type { Client } from './client.js';
import { parseAddress } from './internal/address.js';
import { compileRanges } from './internal/ranges.js';

/** What looks as if a proxy were not trusted. */
export interface ProxyProblem {
  readonly code: 'PROXY_UNTRUSTED';
  /** What was seen, and what to do about it. */
  readonly message: string;
  /** The private addresses that every request came from. */
  readonly addresses: readonly string[];
}

const isLoopback = compileRanges('loopback', ['127.0.0.0/8', '::1']);
// RFC 1918, RFC 6598 (carriers and clouds), RFC 3927, RFC 4193, RFC 4291.
const isPrivate = compileRanges('private', [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  'fc00::/7',
  'fe80::/10',
]);

/** A proxy is several machines at times; more addresses than these are a network of clients. */
const mostAddresses = 4;
const enoughForwarded = 20;
const enough = 1_000;

/**
 * Watches whether all requests come from one private address, as they do behind a proxy that isn't trusted: then all clients share one limit, and
 * one of them locks out the others. It says so once, and stops looking as soon as it has seen a public client or many private ones.
 *
 * Requests of this machine count only when they bring a forwarded header, so that nobody is bothered in development.
 *
 * @returns what to call for each request; it gives the problem on the request that makes it certain
 */
export function createProxyWatch(): (client: Client, isForwarded: boolean) => ProxyProblem | undefined {
  const seen = new Set<string>();
  let requests = 0;
  let forwarded = 0;
  let done = false;

  return function watch({ address: text }, isForwarded) {
    if (done) return undefined;
    const address = parseAddress(text);
    if (!address) return undefined;
    const local = isLoopback(address);
    if (local && !isForwarded) return undefined;
    seen.add(text);
    if ((!local && !isPrivate(address)) || seen.size > mostAddresses) {
      done = true;
      return undefined;
    }
    requests += 1;
    if (isForwarded) forwarded += 1;
    if (forwarded < enoughForwarded && requests < enough) return undefined;
    done = true;
    const addresses = [...seen];
    const from = addresses.length === 1 ? 'one private address' : `${addresses.length} private addresses`;
    return {
      code: 'PROXY_UNTRUSTED',
      message: `every request comes from ${from} (${addresses.join(', ')}), so all clients share one limit; you probably need trustProxy: ['${addresses.join("', '")}']`,
      addresses,
    };
  };
}
