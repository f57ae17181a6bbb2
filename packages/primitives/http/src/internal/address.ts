import ipaddr from 'ipaddr.js';

/** An IP address in its one canonical spelling. */
export interface Address {
  /** Dotted decimal, or RFC 5952; mapped forms are IPv4, zone ids are gone. */
  readonly text: string;
  /** The eight groups of an IPv6 address; `undefined` for IPv4. */
  readonly groups: readonly number[] | undefined;
}

// Longest honest spelling: eight groups, the last two dotted, then a zone id.
const maxLength = 45 + 33;
const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const ipv4 = new RegExp(`^${octet}\\.${octet}\\.${octet}\\.${octet}$`);
const zone = /^[A-Za-z0-9._~-]{1,32}$/;

/** Whether a text is an IPv4 address in its only canonical spelling: no octal, no hex, no leading zero. */
export function isIpv4(text: string): boolean {
  return text.length >= 7 && text.length <= 15 && ipv4.test(text);
}

/**
 * The address that a text spells, or `undefined` when it is none in a spelling that everybody reads alike.
 *
 * IPv4-mapped forms (`::ffff:1.2.3.4`, `::ffff:102:304`) are folded to IPv4. Translated ones (`64:ff9b::/96`) are not:
 * who stands behind a NAT64 can choose them.
 */
export function parseAddress(text: string): Address | undefined {
  if (text.length > maxLength) return undefined;
  if (isIpv4(text)) return { text, groups: undefined };
  if (text.startsWith('::ffff:')) {
    const tail = text.slice(7);
    if (isIpv4(tail)) return { text: tail, groups: undefined };
  }
  return text.includes(':') ? parseIpv6(text) : undefined;
}

function parseIpv6(text: string): Address | undefined {
  let bare = text;
  const percent = bare.indexOf('%');
  if (percent >= 0) {
    if (!zone.test(bare.slice(percent + 1))) return undefined;
    bare = bare.slice(0, percent);
  }
  if (bare.includes('.')) {
    // The library takes octal and hexadecimal tails and reads ::1.2.3.4 as mapped, so it is given groups alone.
    const colon = bare.lastIndexOf(':');
    const tail = bare.slice(colon + 1);
    if (!isIpv4(tail)) return undefined;
    const number = ipv4Number(tail);
    bare = `${bare.slice(0, colon + 1)}${(number >>> 16).toString(16)}:${(number & 0xffff).toString(16)}`;
  }
  if (bare.length > 39 || !/^[0-9A-Fa-f:]+$/.test(bare)) return undefined;
  let address: ipaddr.IPv6;
  try {
    address = ipaddr.IPv6.parse(bare);
  } catch {
    return undefined;
  }
  const groups = address.parts;
  const isMapped = groups[5] === 0xffff && groups.every((group, i) => i >= 5 || group === 0);
  if (isMapped) return { text: address.toIPv4Address().toString(), groups: undefined };
  return { text: address.toString(), groups };
}

/** A canonical IPv4 text as an unsigned number. */
export function ipv4Number(text: string): number {
  let number = 0;
  for (const part of text.split('.')) number = number * 256 + Number(part);
  return number;
}

/** The key under which an address is limited: IPv4 itself or its network of `ipv4Prefix` bits, IPv6 by its network of `prefix` bits, 64 at most. */
export function networkOf({ text, groups }: Address, prefix: number, ipv4Prefix = 32): string {
  if (groups === undefined) return ipv4Prefix >= 32 ? text : ipv4Network(text, ipv4Prefix);
  // The last four groups are zero, the longest run there can be: RFC 5952 shortens from the last group that isn't.
  let network = '';
  let zeros = '';
  for (let i = 0; i < 4; i++) {
    const group = (groups[i] ?? 0) & groupMask(prefix - i * 16);
    if (group === 0) {
      zeros += i === 0 ? '0' : ':0';
    } else {
      network += `${zeros}${i === 0 ? '' : ':'}${group.toString(16)}`;
      zeros = '';
    }
  }
  return `${network}::/${prefix}`;
}

function ipv4Network(text: string, prefix: number): string {
  const network = (ipv4Number(text) & (prefix <= 0 ? 0 : 0xffffffff << (32 - prefix))) >>> 0;
  return `${network >>> 24}.${(network >>> 16) & 255}.${(network >>> 8) & 255}.${network & 255}/${prefix}`;
}

/** The mask of one group of which `bits` are fixed: none below 0, all from 16 on. */
export function groupMask(bits: number): number {
  if (bits <= 0) return 0;
  return bits >= 16 ? 0xffff : (0xffff << (16 - bits)) & 0xffff;
}
