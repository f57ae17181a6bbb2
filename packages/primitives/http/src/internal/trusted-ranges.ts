import { ConfigError } from '@secapi/kernel';
import { type Address, groupMask, ipv4Number, parseAddress } from './address.js';

/** Whether an address is one of the trusted proxies'. */
export type Trust = (address: Address) => boolean;

/**
 * Compiles the ranges of trusted proxies: CIDRs or single addresses.
 *
 * A mapped range (`::ffff:10.0.0.0/104`) is the IPv4 range that it holds.
 *
 * @throws ConfigError on a malformed range and on one so wide that strangers are in it
 */
export function compileTrust(option: string, ranges: unknown): Trust {
  if (!Array.isArray(ranges)) {
    throw new ConfigError(option, 'is not a list', "list the proxies' ranges, like ['10.0.0.0/8']");
  }
  const networks: number[] = [];
  const masks: number[] = [];
  const wide: { groups: readonly number[]; masks: readonly number[] }[] = [];
  for (const [i, range] of ranges.entries()) {
    const { address, prefix } = parseRange(`${option}[${i}]`, range);
    if (address.groups === undefined) {
      const mask = (0xffffffff << (32 - prefix)) >>> 0;
      masks.push(mask);
      networks.push((ipv4Number(address.text) & mask) >>> 0);
    } else {
      const rangeMasks = address.groups.map((_, group) => groupMask(prefix - group * 16));
      wide.push({
        groups: address.groups.map((group, at) => group & (rangeMasks[at] ?? 0)),
        masks: rangeMasks,
      });
    }
  }

  return function trust({ text, groups }: Address): boolean {
    if (groups === undefined) {
      if (networks.length === 0) return false;
      const number = ipv4Number(text);
      return networks.some((network, i) => (number & (masks[i] ?? 0)) >>> 0 === network);
    }
    return wide.some((range) =>
      groups.every((group, at) => (group & (range.masks[at] ?? 0)) === range.groups[at]),
    );
  };
}

function parseRange(option: string, range: unknown): { address: Address; prefix: number } {
  const match =
    typeof range === 'string' && range.length <= 60 ? /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(range) : null;
  const spelled = match?.[1] ?? '';
  const address = parseAddress(spelled);
  if (!address) {
    throw new ConfigError(
      option,
      'is not a range of addresses',
      "write a CIDR like '10.0.0.0/8' or '2001:db8::/32'",
    );
  }
  const isSpelledV6 = spelled.includes(':');
  const written = match?.[2] === undefined ? (isSpelledV6 ? 128 : 32) : Number(match[2]);
  if (written > (isSpelledV6 ? 128 : 32)) {
    throw new ConfigError(option, `has a prefix of ${written} bits`, 'use up to 32 for IPv4, 128 for IPv6');
  }
  if (address.groups !== undefined) {
    // A range around the mapped block holds every IPv4 address as well.
    if (written < 16) throw tooWide(option, 'write /16 or longer');
    return { address, prefix: written };
  }
  if (isSpelledV6 && written < 96) throw tooWide(option, 'write the IPv4 range itself, like 10.0.0.0/8');
  const prefix = isSpelledV6 ? written - 96 : written;
  if (prefix < 8)
    throw tooWide(option, isSpelledV6 ? 'write the IPv4 range itself, /8 or longer' : 'write /8 or longer');
  return { address, prefix };
}

function tooWide(option: string, remedy: string): ConfigError {
  return new ConfigError(option, 'is so wide that anybody could pose as your proxy', remedy);
}
