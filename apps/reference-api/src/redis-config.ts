import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';

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

const ofSentinels = ['REDIS_SENTINEL_NAME', 'REDIS_USERNAME', 'REDIS_PASSWORD'] as const;

/** Reads the variables of Redis; each problem is added to the list, by the variable's name. */
export function readRedis(env: NodeJS.ProcessEnv, problems: string[]): RedisConfig | undefined {
  const given = (name: string): string | undefined => env[name] || undefined;
  const before = problems.length;
  const text = given('REDIS_URL');
  const file = given('REDIS_CA_FILE');
  if (text === undefined) {
    for (const name of [...ofSentinels, 'REDIS_CA_FILE'])
      if (given(name) !== undefined) problems.push(`${name} is of no use without REDIS_URL`);
    return undefined;
  }
  const [name, username, password] = ofSentinels.map(given);
  const urls = text.split(',').map((part) => part.trim());
  const problem = urls.map(problemOf).find(Boolean) ?? problemOfAll(urls, name !== undefined);
  if (problem) problems.push(`REDIS_URL ${problem}`);
  if (name === undefined) {
    for (const variable of ofSentinels.slice(1)) {
      if (given(variable) !== undefined)
        problems.push(
          `${variable} is for servers behind sentinels (REDIS_SENTINEL_NAME): write it into REDIS_URL`,
        );
    }
  }
  const ca = file === undefined ? undefined : authorities(file, urls, problems);
  if (problems.length > before) return undefined;
  if (name !== undefined) return { kind: 'sentinels', urls, name, username, password, ca };
  return urls.length > 1 ? { kind: 'cluster', urls, ca } : { kind: 'server', url: urls[0] ?? '', ca };
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

function problemOfAll(urls: readonly string[], sentinels: boolean): string | undefined {
  const parsed = urls.map((url) => new URL(url));
  if (
    new Set(parsed.map(({ protocol, username, password }) => `${protocol}${username}:${password}`)).size > 1
  )
    return 'names nodes that differ in scheme, user or password';
  if ((sentinels || urls.length > 1) && parsed.some(({ pathname }) => !/^\/?0?$/.test(pathname)))
    return 'has the number of a database, which neither a cluster nor sentinels have';
  return undefined;
}

function authorities(file: string, urls: readonly string[], problems: string[]): string | undefined {
  if (!urls.every((url) => url.startsWith('rediss://')))
    problems.push('REDIS_CA_FILE is of no use without rediss://');
  try {
    const pem = readFileSync(file, 'utf8');
    new X509Certificate(pem); // the judge of what a certificate is
    return pem;
  } catch {
    problems.push('REDIS_CA_FILE must name a file with certificates in PEM that can be read');
    return undefined;
  }
}
