import { createHttpRange } from '@secapi/hashing';
import { createClientResolver, createCors } from '@secapi/http';
import { ConfigError, type Duration, isSafeUrl, toMilliseconds, toSeconds } from '@secapi/kernel';
import { type RedisConfig, readRedis } from './redis-config.js';

/** The frameworks that the API runs on. */
export const frameworks = ['express', 'fastify', 'koa'] as const;

/** One of {@link frameworks}. */
export type Framework = (typeof frameworks)[number];

/** The settings of the API that are no secrets; see the README for the environment variables. */
export interface Config {
  readonly production: boolean;
  readonly host: string;
  readonly port: number;
  readonly framework: Framework;
  readonly databaseUrl: string;
  readonly redis: RedisConfig | undefined;
  readonly origins: readonly string[];
  readonly apiLimit: number;
  readonly loginLimit: number;
  readonly trustProxy: readonly string[];
  readonly outbox: string;
  readonly dataFolder: string;
  /** Where links in mails point; never taken from a request. */
  readonly publicUrl: string;
  /** How old a signing key may get, where they rotate. */
  readonly keyRotation: Duration;
  /** How long a new signing key is public before it signs. */
  readonly keyPublishFor: Duration;
  /** Where breached passwords are looked up, by the first 20 bits of a digest; nowhere, when it is left out. */
  readonly breachedPasswordsUrl: string | undefined;
  readonly admin: { readonly email: string; readonly password: string } | undefined;
}

/**
 * Reads the environment, in full: every problem is found, not only the first.
 *
 * @throws ConfigError naming each variable that makes no sense, one a line
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const problems: string[] = [];

  function read<T>(name: string, fallback: string | undefined, parse: (text: string) => T): T | undefined {
    const text = env[name] === undefined || env[name] === '' ? fallback : env[name];
    if (text === undefined) return undefined;
    try {
      return parse(text);
    } catch (error) {
      problems.push(`${name} ${error instanceof Error ? error.message : 'makes no sense'}`);
      return undefined;
    }
  }

  const host = env.HOST || '127.0.0.1';
  const port = read('PORT', '3000', (text) => whole(text, 0, 65_535)) ?? 0;
  const email = env.ADMIN_EMAIL || undefined;
  const password = env.ADMIN_PASSWORD || undefined;
  const config = {
    production: env.NODE_ENV === 'production',
    host,
    port,
    framework: read('FRAMEWORK', 'express', framework) ?? 'express',
    databaseUrl: read('DATABASE_URL', 'file:.data/postgres', database) ?? '',
    redis: readRedis(env, problems),
    origins: read('ALLOWED_ORIGINS', 'http://localhost:5173', (text) => list(text).map(origin)) ?? [],
    apiLimit: read('API_LIMIT', '100', (text) => whole(text, 1, 10_000_000)) ?? 0,
    loginLimit: read('LOGIN_LIMIT', '5', (text) => whole(text, 1, 1_000_000)) ?? 0,
    trustProxy: read('TRUST_PROXY', '', trustProxy) ?? [],
    outbox: env.MAIL_OUTBOX || '.data/outbox',
    dataFolder: '.data',
    publicUrl: read('PUBLIC_URL', `http://${reachable(host)}:${port}`, publicUrl) ?? '',
    keyRotation: read('KEY_ROTATION', '30d', duration('1h', '400d')) ?? '30d',
    keyPublishFor: read('KEY_PUBLISH_FOR', '1h', duration('1s', '7d')) ?? '1h',
    breachedPasswordsUrl: read('BREACHED_PASSWORDS_URL', undefined, breachedPasswords),
    admin: email && password ? { email, password } : undefined,
  } satisfies Config;
  if ((email === undefined) !== (password === undefined))
    problems.push('ADMIN_EMAIL and ADMIN_PASSWORD must be set together');
  if (problems.length > 0)
    throw new ConfigError('the environment', 'makes no sense', `mend these\n  ${problems.join('\n  ')}`);
  return config;
}

function whole(text: string, min: number, max: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) throw new Error(`must be a whole number from ${min} to ${max}`);
  return value;
}

function duration(min: Duration, max: Duration): (text: string) => Duration {
  const bounds = { min: toSeconds('min', min), max: toSeconds('max', max) };
  return (text) => {
    try {
      toMilliseconds('duration', text as Duration, bounds); // the judge of what a duration is
    } catch {
      throw new Error(`must be a time from ${min} to ${max}, such as 90s, 15m, 12h or 30d`);
    }
    return text as Duration; // it has just been judged
  };
}

function framework(text: string): Framework {
  const found = frameworks.find((name) => name === text);
  if (!found) throw new Error(`must be one of ${frameworks.join(', ')}`);
  return found;
}

function database(text: string): string {
  if (text === 'memory:' || /^file:.+/.test(text) || /^postgres(ql)?:\/\//.test(text)) return text;
  throw new Error('must be memory:, file:<folder> or postgres://…');
}

function list(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function origin(text: string): string {
  const remedy = 'must be exact origins such as https://app.example, separated by commas';
  if (!URL.canParse(text) || new URL(text).origin !== text || !/^https?:/.test(text)) throw new Error(remedy);
  createCors({ origins: [text] }); // the judge of what an origin may be
  return text;
}

function trustProxy(text: string): string[] {
  const ranges = list(text);
  createClientResolver({ trustProxy: ranges }); // the judge of what may be trusted
  return ranges;
}

/** A host that a browser on this machine finds, wherever else the API listens. */
function reachable(host: string): string {
  const local = host === 'localhost' || host === '::1' || host.startsWith('127.');
  return local ? (host.includes(':') ? `[${host}]` : host) : '127.0.0.1';
}

function breachedPasswords(text: string): string {
  try {
    createHttpRange({ url: text }); // the judge of where passwords may be looked up
  } catch {
    throw new Error('must be an https URL that ends in /, such as https://api.pwnedpasswords.com/range/');
  }
  return text;
}

function publicUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !isSafeUrl(url) || url.search || url.hash || url.username)
    throw new Error('must be an https URL, or an http one on this machine, without query and fragment');
  return text.replace(/\/$/, '');
}
