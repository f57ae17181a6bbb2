import { ConfigError } from '@secapi/kernel';
import { type Address, groupMask, ipv4Number, parseAddress } from './address.js';

/** Whether an address is one of some ranges'. */
export type RangeTest = (address: Address) => boolean;

/**
 * Compiles ranges of addresses: CIDRs or single addresses.
 *
 * A mapped range (`::ffff:10.0.0.0/104`) is the IPv4 range that it holds.
 *
 * @param danger what a range means that is so wide that strangers are in it; without it, every range will do
 * @throws ConfigError on a malformed range and on one that is too wide
 */
export function compileRanges(option: string, ranges: unknown, danger?: string): RangeTest {
  if (!Array.isArray(ranges)) {
    throw new ConfigError(option, 'is not a list', "list ranges of addresses, like ['10.0.0.0/8']");
  }
  const networks: number[] = [];
  const masks: number[] = [];
  const wide: { groups: readonly number[]; masks: readonly number[] }[] = [];
  for (const [i, range] of ranges.entries()) {
    const { address, prefix } = parseRange(`${option}[${i}]`, range, danger);
    if (address.groups === undefined) {
      const mask = prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0; // a shift by 32 is one by 0
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

  return function isInRange({ text, groups }: Address): boolean {
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

function parseRange(
  option: string,
  range: unknown,
  danger: string | undefined,
): { address: Address; prefix: number } {
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
    if (written < 16 && danger) throw new ConfigError(option, danger, 'write /16 or longer');
    return { address, prefix: written };
  }
  const itself = 'write the IPv4 range itself, like 10.0.0.0/8';
  if (isSpelledV6 && written < 96)
    throw new ConfigError(option, danger ?? 'is an IPv6 range with IPv4 addresses in it', itself);
  const prefix = isSpelledV6 ? written - 96 : written;
  if (prefix < 8 && danger)
    throw new ConfigError(option, danger, isSpelledV6 ? itself : 'write /8 or longer');
  return { address, prefix };
}
