import { ConfigError } from '@secapi/kernel';
import type { Cloud } from '../cloud-ranges.js';

/** One published range, and what it is for where the list tells. */
export interface Entry {
  readonly range: string;
  readonly service?: string | undefined;
  readonly region?: string | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

const longest = 32 * 1_024 * 1_024;

/** What each list looks like. A reader gives `undefined` for a list that isn't one of its cloud's. */
const readers: Readonly<Record<Cloud, (list: unknown) => Entry[] | undefined>> = {
  // { prefixes: [{ ip_prefix, region, service }], ipv6_prefixes: [{ ipv6_prefix, region, service }] }
  aws(list) {
    const { prefixes, ipv6_prefixes: ipv6 } = fields(list);
    if (!Array.isArray(prefixes)) return undefined;
    const entry =
      (key: string) =>
      (one: unknown): Entry => {
        const { [key]: range, service, region } = fields(one);
        return { range: text(range), service: text(service), region: text(region) };
      };
    return [
      ...prefixes.map(entry('ip_prefix')),
      ...(Array.isArray(ipv6) ? ipv6.map(entry('ipv6_prefix')) : []),
    ];
  },
  // { values: [{ name, properties: { region, addressPrefixes: [] } }] }
  azure(list) {
    const { values } = fields(list);
    if (!Array.isArray(values)) return undefined;
    return values.flatMap((value) => {
      const { name, properties } = fields(value);
      const { region, addressPrefixes } = fields(properties);
      return texts(addressPrefixes).map((range) => ({ range, service: text(name), region: text(region) }));
    });
  },
  // one range a line, or { result: { ipv4_cidrs: [], ipv6_cidrs: [] } }
  cloudflare(list) {
    if (typeof list === 'string') return lines(list);
    const { ipv4_cidrs: ipv4, ipv6_cidrs: ipv6 } = fields(fields(list).result);
    if (!Array.isArray(ipv4)) return undefined;
    return [...texts(ipv4), ...texts(ipv6)].map((range) => ({ range }));
  },
  // { addresses: [], ipv6_addresses: [] }
  fastly(list) {
    const { addresses, ipv6_addresses: ipv6 } = fields(list);
    if (!Array.isArray(addresses)) return undefined;
    return [...texts(addresses), ...texts(ipv6)].map((range) => ({ range }));
  },
  // { prefixes: [{ ipv4Prefix | ipv6Prefix, service?, scope? }] }
  google(list) {
    const { prefixes } = fields(list);
    if (!Array.isArray(prefixes)) return undefined;
    return prefixes.map((one) => {
      const { ipv4Prefix, ipv6Prefix, service, scope } = fields(one);
      return { range: text(ipv4Prefix ?? ipv6Prefix), service: text(service), region: text(scope) };
    });
  },
};

/**
 * The ranges of a published list.
 *
 * @throws ConfigError when it isn't one of that cloud's
 */
export function readRanges(option: string, cloud: Cloud, list: unknown): Entry[] {
  if (!Object.hasOwn(readers, cloud)) {
    throw new ConfigError(`${option}.cloud`, 'is unknown', `use one of ${Object.keys(readers).join(', ')}`);
  }
  const entries = readers[cloud](typeof list === 'string' ? parsed(option, list) : list);
  if (!entries) {
    throw new ConfigError(option, `is not a list of ${cloud}'s`, 'pass the file as the cloud publishes it');
  }
  return entries;
}

/** JSON where a text looks like it, else the text itself. */
function parsed(option: string, list: string): unknown {
  if (list.length > longest) throw new ConfigError(option, 'is longer than 32 MB', 'pass the file as it is');
  if (!/^\s*[{[]/.test(list)) return list;
  try {
    return JSON.parse(list) as unknown;
  } catch {
    throw new ConfigError(option, 'is not JSON', 'pass the file as the cloud publishes it');
  }
}

function lines(list: string): Entry[] {
  return list
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((range) => ({ range }));
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}; // any object can be looked into
}

/** A text, or an empty one, which is no range. */
function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function texts(list: unknown): string[] {
  return Array.isArray(list) ? list.map(text) : [];
}
