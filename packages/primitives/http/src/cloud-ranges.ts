import { ConfigError, checkOptions } from '@secapi/kernel';
import { type Entry, readRanges } from './internal/cloud-formats.js';
import { parseRange } from './internal/ranges.js';

/** Who publishes ranges of addresses, each in a format of its own. */
export type Cloud = 'aws' | 'azure' | 'cloudflare' | 'fastly' | 'google';

/** Which of the published ranges are meant. */
export interface CloudRangesFilter {
  /** AWS's `service`, Azure's service tags, Google's `service`: the ranges of any of them. Needed for AWS and Azure. */
  readonly services?: readonly string[];
  /** AWS's `region`, Azure's `region`, Google's `scope`: in any of them. @default everywhere */
  readonly regions?: readonly string[];
}

const danger = 'is so wide that anybody could pose as your proxy';
const most = 50_000;
/** Where anybody can rent an address, and so pose as the proxy. */
const rented = /^(?:AMAZON|EC2|AzureCloud(?:\..*)?)$/i;

/**
 * The ranges in a list that a cloud publishes, for `trustProxy: [...cloudRanges('cloudflare', list)]`.
 *
 * Nothing is fetched, and no list is shipped, because lists change: fetch it when you deploy, or now and then, and build
 * the rule anew. It takes the text of the file or the value that `JSON.parse` made of it:
 * AWS `ip-ranges.json`, Azure's service tags, Cloudflare `ips-v4`, `ips-v6` or its API's answer, Fastly's
 * `public-ip-list`, Google `cloud.json` and `goog.json`.
 *
 * Everybody in a trusted range is believed. Most of a cloud's ranges are its customers': name the service that stands
 * before your server, such as `CLOUDFRONT_ORIGIN_FACING` or `AzureFrontDoor.Backend`. And whoever is a customer of the same
 * service can send requests through it too; make it prove that it acts for you (a secret header, mutual TLS).
 *
 * @throws ConfigError when the list is none of that cloud's, nothing in it is meant, or a range makes no sense
 */
export function cloudRanges(cloud: Cloud, list: unknown, filter: CloudRangesFilter = {}): readonly string[] {
  const where = 'cloudRanges';
  checkOptions(`${where}.filter`, filter, ['services', 'regions']);
  const services = namesOf(`${where}.filter.services`, filter.services);
  const regions = namesOf(`${where}.filter.regions`, filter.regions);
  if ((cloud === 'aws' || cloud === 'azure') && services === undefined) {
    throw new ConfigError(
      `${where}.filter.services`,
      'is missing: most of these ranges are for anybody to rent',
      `name the service before your server, like '${cloud === 'aws' ? 'CLOUDFRONT_ORIGIN_FACING' : 'AzureFrontDoor.Backend'}'`,
    );
  }
  for (const service of filter.services ?? []) {
    if (!rented.test(service)) continue;
    throw new ConfigError(
      `${where}.filter.services`,
      `names ${service}, in which anybody can rent an address`,
      'name the service before your server',
    );
  }
  const meant = ({ service, region }: Entry): boolean =>
    (services === undefined || (service !== undefined && services.has(service.toLowerCase()))) &&
    (regions === undefined || (region !== undefined && regions.has(region.toLowerCase())));
  const entries = readRanges(where, cloud, list);
  const ranges = [...new Set(entries.filter(meant).map(({ range }) => range))];
  if (ranges.length === 0) {
    throw new ConfigError(
      `${where}.filter`,
      'leaves no range',
      'spell services and regions as the list does',
    );
  }
  if (ranges.length > most)
    throw new ConfigError(where, `holds more than ${most} ranges`, 'name fewer services or regions');
  for (const [i, range] of ranges.entries()) parseRange(`${where}[${i}]`, range, danger);
  return ranges;
}

function namesOf(option: string, names: unknown): ReadonlySet<string> | undefined {
  if (names === undefined) return undefined;
  if (!Array.isArray(names) || names.length === 0 || !names.every((name) => typeof name === 'string')) {
    throw new ConfigError(option, 'is not a list of names', 'list them as texts');
  }
  return new Set(names.map((name: string) => name.toLowerCase()));
}
