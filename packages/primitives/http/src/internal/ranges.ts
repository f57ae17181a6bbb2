import { ConfigError } from '@secapi/kernel';
import { type Address, groupMask, ipv4Number, parseAddress } from './address.js';
import { compileIntervals, type Interval } from './intervals.js';

/** Whether an address is one of some ranges'. */
export type RangeTest = (address: Address) => boolean;

/** Ranges by name: what machines of one's own are likely in. None of them can be reached from the Internet. */
const presets: ReadonlyMap<unknown, readonly string[]> = new Map([
  ['loopback', ['127.0.0.0/8', '::1']],
  ['private', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']],
  ['link-local', ['169.254.0.0/16', 'fe80::/10']],
]);

/**
 * Compiles ranges of addresses: CIDRs, single addresses, or presets.
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
  const narrow: Interval<number>[] = [];
  const wide: Interval<string>[] = [];

  function add(at: string, range: unknown, tooWide: string | undefined): void {
    const { address, prefix } = parseRange(at, range, tooWide);
    if (address.groups === undefined) {
      const size = 2 ** (32 - prefix);
      const start = Math.floor(ipv4Number(address.text) / size) * size;
      narrow.push({ start, end: start + size - 1 });
      return;
    }
    const masks = address.groups.map((_, group) => groupMask(prefix - group * 16));
    const start = address.groups.map((group, i) => group & (masks[i] ?? 0));
    wide.push({
      start: textOf(start),
      end: textOf(start.map((group, i) => group | (~(masks[i] ?? 0) & 0xffff))),
    });
  }

  for (const [i, range] of ranges.entries()) {
    const preset = presets.get(range);
    if (preset) for (const one of preset) add(option, one, undefined);
    else add(`${option}[${i}]`, range, danger);
  }
  const isNarrow = compileIntervals(narrow);
  const isWide = compileIntervals(wide);

  return function isInRange({ text, groups }: Address): boolean {
    if (groups === undefined) return narrow.length > 0 && isNarrow(ipv4Number(text));
    return wide.length > 0 && isWide(textOf(groups));
  };
}

/** Eight groups as a text that is in order as the addresses are: one character each. */
function textOf(groups: readonly number[]): string {
  return String.fromCharCode(...groups);
}

/** A range of a configuration. @throws ConfigError */
export function parseRange(
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
