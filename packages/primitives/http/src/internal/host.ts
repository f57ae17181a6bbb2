import { isIpv4, parseAddress } from './address.js';

const maxLength = 260;
const name = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*\.?$/;

/**
 * A `Host` in lower case, or `undefined` when it isn't one: a DNS name, an IPv4 address or a bracketed IPv6 address,
 * with a port or without (RFC 9110 §7.2, narrower than RFC 3986: no user information, no percent-encoding).
 */
export function parseHost(text: string): string | undefined {
  if (text.length === 0 || text.length > maxLength) return undefined;
  // Before toLowerCase, which makes ASCII of the Kelvin sign.
  if (!/^[!-~]+$/.test(text)) return undefined;
  const host = text.toLowerCase();
  const end = host.charCodeAt(0) === 0x5b ? host.indexOf(']') + 1 : indexOrEnd(host);
  if (end === 0 || !isPort(host, end)) return undefined;
  if (host.charCodeAt(0) === 0x5b) {
    const inner = host.slice(1, end - 1);
    return inner.includes(':') && !inner.includes('%') && parseAddress(inner) ? host : undefined;
  }
  const bare = end === host.length ? host : host.slice(0, end);
  if (bare.length > 254 || !name.test(bare)) return undefined;
  // Readers differ on 127.1 and 0x7f.1: a name that ends in a number must be an address in full.
  const label = bare.slice(bare.lastIndexOf('.', bare.length - 2) + 1);
  return /^(?:\d+|0x[0-9a-f]*)\.?$/.test(label) && !isIpv4(bare) ? undefined : host;
}

function indexOrEnd(host: string): number {
  const colon = host.indexOf(':');
  return colon < 0 ? host.length : colon;
}

function isPort(host: string, start: number): boolean {
  if (start === host.length) return true;
  if (host.charCodeAt(start) !== 0x3a) return false;
  const digits = host.slice(start + 1);
  return /^[1-9]\d{0,4}$/.test(digits) && Number(digits) <= 65_535;
}
