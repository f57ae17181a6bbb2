import { ConfigError, checkNumber, checkOptions } from '@secapi/kernel';
import type { ClientRefusal } from './errors.js';
import { type Address, networkOf, parseAddress } from './internal/address.js';
import { parseHost } from './internal/host.js';
import { type ProxyView, type Trust, viewForwarded, viewXForwarded } from './internal/proxy-view.js';
import { compileRanges } from './internal/ranges.js';

/** Whom the server believes about its clients (ASVS v5.0.0-4.1.3, 15.3.4). */
export interface ClientResolverOptions {
  /**
   * CIDRs or single addresses of the proxies that you run, or a preset: `'loopback'`, `'private'` (RFC 1918 and
   * `fc00::/7`: only where nobody else's machines are in your private network), `'link-local'`. `cloudRanges` reads
   * those that clouds publish.
   *
   * @default none: the forwarded headers of all are ignored
   */
  readonly trustProxy?: readonly string[];
  /**
   * How many proxies stand before this server, 1 to 10, where their addresses aren't known: instead of `trustProxy`. Only where nobody can reach the
   * server but through all of them; who can come past one writes the address that it likes.
   *
   * @default none
   */
  readonly trustHops?: number;
  /** Which headers your proxies write. Naming the family is safest: the other is then ignored. @default both, which must agree */
  readonly proxyHeaders?: 'both' | 'forwarded' | 'x-forwarded';
  /** How many bits of an IPv6 address make one client, 32 to 64. @default 64 */
  readonly ipv6Prefix?: number;
}

/** What a server knows of a request's origin. Nothing but `peer` and `encrypted` is its own knowledge. */
export interface ClientFacts {
  /** The address of the socket's other end. */
  readonly peer: string | undefined;
  /** Whether this socket is encrypted. */
  readonly encrypted: boolean;
  /** `Host`, or `:authority` */
  readonly host: string | undefined;
  readonly forwarded?: string | undefined;
  readonly xForwardedFor?: string | undefined;
  readonly xForwardedProto?: string | undefined;
  readonly xForwardedHost?: string | undefined;
  /** Read where one of the other three is there, and the host names no port itself. */
  readonly xForwardedPort?: string | undefined;
}

/** Who is at the other end. */
export interface Client {
  /** The address in canonical text: IPv4 also where it came mapped into IPv6, IPv6 by RFC 5952 without zone id. */
  readonly address: string;
  /** The key for limits: the IPv4 address, or the IPv6 network with its prefix, like `2001:db8::/64`. */
  readonly network: string;
  /** Whether the client's own connection is encrypted. */
  readonly secure: boolean;
  /** The host that the client asked for, well formed and in lower case. */
  readonly host: string | undefined;
  /** The port that the client asked for, where a trusted proxy named it apart from the host and it isn't the scheme's own. */
  readonly port?: number;
  /** Whether a trusted proxy spoke for the client. */
  readonly viaProxy: boolean;
}

/** The client, or why there is none to be told. */
export type ClientResult =
  | { readonly ok: true; readonly client: Client }
  | { readonly ok: false; readonly reason: ClientRefusal };

/**
 * Compiles the rule by which a client is told from a request.
 *
 * Headers of peers outside `trustProxy` are ignored, all five of them. Behind a trusted peer the hops are walked from
 * the nearest outwards, up to the first address that isn't trusted; a hop that is no address ends the walk at the last
 * good one. Scheme, host and port come from the hop that named the client. When `Forwarded` and `X-Forwarded-*` both speak
 * and disagree, one of them was sent by the client and passed through, and nobody can tell which: the request is refused;
 * what only one of them says is not believed.
 * NAT64 addresses (`64:ff9b::/96`) stay IPv6: all that stand behind one translator share its /64.
 *
 * @throws ConfigError on a malformed range, or one so wide that strangers are in it
 */
export function createClientResolver(
  options: ClientResolverOptions = {},
): (facts: ClientFacts) => ClientResult {
  checkOptions('client', options, ['trustProxy', 'trustHops', 'proxyHeaders', 'ipv6Prefix']);
  const { trustProxy = [], trustHops, proxyHeaders = 'both', ipv6Prefix = 64 } = options;
  const prefix = checkNumber('client.ipv6Prefix', ipv6Prefix, { min: 32, max: 64 });
  if (!['both', 'forwarded', 'x-forwarded'].includes(proxyHeaders)) {
    throw new ConfigError('client.proxyHeaders', 'is unknown', "use 'both', 'forwarded' or 'x-forwarded'");
  }
  const trust = compileTrust(trustProxy, trustHops);

  function direct(facts: ClientFacts): ClientResult {
    const peer = facts.peer === undefined ? undefined : parseAddress(facts.peer);
    if (peer === undefined) return refusal('PEER_UNKNOWN');
    return clientOf(peer, facts.encrypted, facts.host, false, prefix);
  }

  function behindProxies(facts: ClientFacts): ClientResult {
    const peer = facts.peer === undefined ? undefined : parseAddress(facts.peer);
    if (peer === undefined) return refusal('PEER_UNKNOWN');
    if (!trust?.(peer, 0)) return clientOf(peer, facts.encrypted, facts.host, false, prefix);
    const view = viewOf(facts, peer, trust, proxyHeaders);
    if (typeof view === 'string') return refusal(view);
    if (view === undefined) return clientOf(peer, facts.encrypted, facts.host, false, prefix);
    return clientOf(
      view.address ?? peer,
      view.secure ?? facts.encrypted,
      view.host ?? facts.host,
      true,
      prefix,
      view.port,
    );
  }

  return trust ? behindProxies : direct;
}

function compileTrust(ranges: readonly string[], hops: number | undefined): Trust | undefined {
  const isProxy = compileRanges(
    'client.trustProxy',
    ranges,
    'is so wide that anybody could pose as your proxy',
  );
  if (hops === undefined) return ranges.length === 0 ? undefined : isProxy;
  checkNumber('client.trustHops', hops, { min: 1, max: 10 });
  if (ranges.length > 0) {
    throw new ConfigError(
      'client.trustHops',
      'stands beside trustProxy',
      'use one of them; ranges are safer',
    );
  }
  return (_, hop) => hop < hops;
}

/**
 * An IP address in its one canonical spelling, or `undefined` when it is none that everybody reads alike
 * (octal, hexadecimal and short forms of IPv4 are none).
 */
export function canonicalAddress(text: string): string | undefined {
  return parseAddress(text)?.text;
}

/**
 * The network that an address is in: IPv4 by `ipv4` bits, IPv6 by `ipv6`, up to 64. What `Client.network` is with `{ ipv4: 32, ipv6: 64 }`.
 *
 * @returns undefined for a text that is no address
 */
export function addressNetwork(
  text: string,
  prefix: { readonly ipv4: number; readonly ipv6: number },
): string | undefined {
  const address = parseAddress(text);
  return address && networkOf(address, prefix.ipv6, prefix.ipv4);
}

function viewOf(
  facts: ClientFacts,
  peer: Address,
  trust: Trust,
  family: 'both' | 'forwarded' | 'x-forwarded',
): ProxyView | ClientRefusal | undefined {
  const standard = family === 'x-forwarded' ? undefined : viewForwarded(facts.forwarded, peer, trust);
  if (family === 'forwarded' || typeof standard === 'string') return standard;
  const usual = viewXForwarded(facts, peer, trust);
  if (standard === undefined || usual === undefined || typeof usual === 'string') return usual ?? standard;
  // A client can copy its own address into the family that the proxies pass through, and add a host of its choice:
  // so what one family alone says is not believed, and an address is nothing to guess at.
  const isConflict =
    standard.address?.text !== usual.address?.text ||
    differ(standard.secure, usual.secure) ||
    differ(standard.host?.toLowerCase(), usual.host?.toLowerCase());
  if (isConflict) return 'FORWARDED_CONFLICT';
  return {
    address: usual.address,
    secure: standard.secure === undefined ? undefined : usual.secure,
    host: standard.host === undefined ? undefined : usual.host,
    port: undefined, // of which Forwarded says nothing apart from the host
  };
}

function differ<T>(one: T | undefined, other: T | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other;
}

function clientOf(
  address: Address,
  secure: boolean,
  named: string | undefined,
  viaProxy: boolean,
  prefix: number,
  port?: number,
): ClientResult {
  const host = named === undefined ? undefined : parseHost(named);
  if (host === undefined && named !== undefined) return refusal('HOST_SYNTAX');
  const client = { address: address.text, network: networkOf(address, prefix), secure, host, viaProxy };
  const isOwn = port === undefined || port === (secure ? 443 : 80);
  return { ok: true, client: isOwn || !host || /:\d+$/.test(host) ? client : { ...client, port } };
}

function refusal(reason: ClientRefusal): ClientResult {
  return { ok: false, reason };
}
