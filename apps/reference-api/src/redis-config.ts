import { X509Certificate } from 'node:crypto';
import {
  type Environment,
  hidden,
  optional,
  type Reading,
  type SecretProblem,
  setting,
  text,
} from '@secapi/secrets';

/** Where Redis is: one server, a cluster by some of its nodes, or a master by the sentinels that watch it. */
export type RedisConfig = {
  /** What TLS trusts instead of the machine's authorities, in PEM. */
  readonly ca: string | undefined;
} & (
  | { readonly kind: 'server'; readonly url: string }
  | { readonly kind: 'cluster'; readonly urls: readonly string[] }
  | {
      readonly kind: 'sentinels';
      readonly urls: readonly string[];
      /** The name that the sentinels know the master by. */
      readonly name: string;
      /** The user and the password of the servers; those of the sentinels stand in their URLs. */
      readonly username: string | undefined;
      readonly password: string | undefined;
    }
);

/** The variables of Redis. */
export const redisSettings = {
  REDIS_URL: optional(hidden(setting(readUrls))),
  REDIS_SENTINEL_NAME: optional(text()),
  REDIS_USERNAME: optional(text()),
  REDIS_PASSWORD: optional(hidden(text())),
  REDIS_CA: optional(setting(readAuthorities)),
};

type Found = Environment<typeof redisSettings>;

/** Where Redis is, of variables that make sense together. */
export function redisOf(found: Found): RedisConfig | undefined {
  const urls = found.REDIS_URL?.reveal();
  const { REDIS_CA: ca, REDIS_SENTINEL_NAME: name, REDIS_USERNAME: username } = found;
  if (urls === undefined) return undefined;
  if (name !== undefined)
    return { kind: 'sentinels', urls, name, username, password: found.REDIS_PASSWORD?.reveal(), ca };
  return urls.length > 1 ? { kind: 'cluster', urls, ca } : { kind: 'server', url: urls[0] ?? '', ca };
}

/** What is wrong between the variables of Redis. */
export function checkRedis(found: Partial<Found>): SecretProblem[] {
  const isSet = (name: keyof Found): boolean => found[name] !== undefined;
  const given = (names: readonly (keyof Found)[], problem: string): SecretProblem[] =>
    names.filter(isSet).map((variable) => ({ variable, problem }));
  const ofServers = ['REDIS_USERNAME', 'REDIS_PASSWORD'] as const;
  if (!('REDIS_URL' in found)) return []; // it is told of already
  const urls = found.REDIS_URL?.reveal();
  if (urls === undefined)
    return given(['REDIS_SENTINEL_NAME', ...ofServers, 'REDIS_CA'], 'is of no use without REDIS_URL');
  const problems: SecretProblem[] = [];
  if (found.REDIS_SENTINEL_NAME !== undefined || urls.length > 1) {
    if (urls.some((url) => !/^\/?0?$/.test(new URL(url).pathname)))
      problems.push({
        variable: 'REDIS_URL',
        problem: 'has the number of a database, which neither a cluster nor sentinels have',
      });
  }
  if (found.REDIS_SENTINEL_NAME === undefined) {
    const remedy = 'is for servers behind sentinels (REDIS_SENTINEL_NAME): write it into REDIS_URL';
    problems.push(...given(ofServers, remedy));
  }
  if (!urls.every((url) => url.startsWith('rediss://')))
    problems.push(...given(['REDIS_CA'], 'is of no use without rediss://'));
  return problems;
}

function readUrls(list: string): Reading<readonly string[]> {
  const urls = list.split(',').map((part) => part.trim());
  const problem =
    urls.map(problemOf).find(Boolean) ??
    (differ(urls) ? 'names nodes that differ in scheme, user or password' : undefined);
  return problem === undefined ? { ok: true, value: urls } : { ok: false, problem };
}

function differ(urls: readonly string[]): boolean {
  const logins = urls
    .map((url) => new URL(url))
    .map(({ protocol, username, password }) => `${protocol}${username}:${password}`);
  return new Set(logins).size > 1;
}

function readAuthorities(pem: string): Reading<string> {
  try {
    new X509Certificate(pem); // the judge of what a certificate is
    return { ok: true, value: pem };
  } catch {
    return { ok: false, problem: 'must be certificates in PEM' };
  }
}

/** What is wrong with one URL; it is not repeated, for it may hold a password. */
function problemOf(text: string): string | undefined {
  const url = /^rediss?:\/\//.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  if (!url?.hostname) return 'must be redis://host:port or rediss://host:port, several separated by commas';
  try {
    decodeURIComponent(`${url.username}${url.password}`);
  } catch {
    return 'has a user or password that is not percent-encoded';
  }
  return /^(\/\d{0,5})?$/.test(url.pathname) ? undefined : 'has a path that is not the number of a database';
}
