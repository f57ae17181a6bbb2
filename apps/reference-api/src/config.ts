import { canonicalEmail } from '@secapi/accounts';
import { createHttpRange, createPasswordRules } from '@secapi/hashing';
import { createClientResolver, createCors } from '@secapi/http';
import { type Duration, isSafeUrl } from '@secapi/kernel';
import {
  choice,
  duration,
  type Environment,
  hidden,
  integer,
  list,
  optional,
  type SecretProblem,
  type SettingField,
  setting,
  text,
  withDefault,
} from '@secapi/secrets';
import { checkRedis, type RedisConfig, redisOf, redisSettings } from './redis-config.js';

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

/** The variables that are no keys. Those that hold another service's password are hidden. */
export const settings = {
  NODE_ENV: withDefault(text(), 'development'),
  HOST: withDefault(text(), '127.0.0.1'),
  PORT: withDefault(integer({ min: 0, max: 65_535 }), 3000),
  FRAMEWORK: withDefault(choice(...frameworks), 'express'),
  DATABASE_URL: optional(hidden(judged(database))),
  ...redisSettings,
  ALLOWED_ORIGINS: withDefault(list(judged(origin)), ['http://localhost:5173']),
  API_LIMIT: withDefault(integer({ min: 1, max: 10_000_000 }), 100),
  LOGIN_LIMIT: withDefault(integer({ min: 1, max: 1_000_000 }), 5),
  TRUST_PROXY: withDefault(judged(trustProxy), []),
  MAIL_OUTBOX: withDefault(text(), '.data/outbox'),
  PUBLIC_URL: optional(judged(publicUrl)),
  KEY_ROTATION: withDefault(duration({ min: '1h', max: '400d' }), '30d'),
  KEY_PUBLISH_FOR: withDefault(duration({ min: '1s', max: '7d' }), '1h'),
  BREACHED_PASSWORDS_URL: optional(judged(breachedPasswords)),
  ADMIN_EMAIL: optional(judged(email)),
  ADMIN_PASSWORD: optional(hidden(text({ max: 2_048 }))),
};

type Found = Environment<typeof settings>;

/** The configuration of settings that make sense, each and together. */
export function configOf(found: Found): Config {
  const { HOST: host, PORT: port, ADMIN_EMAIL: address, ADMIN_PASSWORD: password } = found;
  return {
    production: found.NODE_ENV === 'production',
    host,
    port,
    framework: found.FRAMEWORK,
    databaseUrl: found.DATABASE_URL?.reveal() ?? 'file:.data/postgres',
    redis: redisOf(found),
    origins: found.ALLOWED_ORIGINS,
    apiLimit: found.API_LIMIT,
    loginLimit: found.LOGIN_LIMIT,
    trustProxy: found.TRUST_PROXY,
    outbox: found.MAIL_OUTBOX,
    publicUrl: found.PUBLIC_URL ?? `http://${reachable(host)}:${port}`,
    keyRotation: found.KEY_ROTATION,
    keyPublishFor: found.KEY_PUBLISH_FOR,
    breachedPasswordsUrl: found.BREACHED_PASSWORDS_URL,
    admin: address && password ? { email: address, password: password.reveal() } : undefined,
  };
}

/** What is wrong between settings that are each good by themselves. */
export function checkSettings(found: Partial<Found>): SecretProblem[] {
  return [...checkRedis(found), ...checkAdmin(found)];
}

function checkAdmin(found: Partial<Found>): SecretProblem[] {
  if (!('ADMIN_EMAIL' in found && 'ADMIN_PASSWORD' in found)) return []; // one of them is told of already
  const { ADMIN_EMAIL: address, ADMIN_PASSWORD: password, NODE_ENV: mode } = found;
  if ((address === undefined) !== (password === undefined))
    return [{ variable: 'ADMIN_EMAIL', problem: 'and ADMIN_PASSWORD must be set together' }];
  if (!address || !password || mode !== 'production') return [];
  const verdict = createPasswordRules({ contextWords: ['secapi'] }).check(password.reveal(), [address]);
  return verdict.ok
    ? []
    : [{ variable: 'ADMIN_PASSWORD', problem: `is refused by the password rules: ${verdict.message}` }];
}

/** A setting that is judged by a function which throws what is wrong with it. */
function judged<T>(parse: (text: string) => T): SettingField<T, false> {
  return setting((text) => {
    try {
      return { ok: true, value: parse(text) };
    } catch (error) {
      return { ok: false, problem: error instanceof Error ? error.message : 'makes no sense' };
    }
  });
}

function database(text: string): string {
  if (text === 'memory:' || /^file:.+/.test(text) || /^postgres(ql)?:\/\//.test(text)) return text;
  throw new Error('must be memory:, file:<folder> or postgres://…');
}

function origin(text: string): string {
  const remedy = 'must be exact origins such as https://app.example, separated by commas';
  if (!URL.canParse(text) || new URL(text).origin !== text || !/^https?:/.test(text)) throw new Error(remedy);
  createCors({ origins: [text] }); // the judge of what an origin may be
  return text;
}

function trustProxy(text: string): readonly string[] {
  const ranges = text.split(',').flatMap((part) => part.trim() || []);
  createClientResolver({ trustProxy: ranges }); // the judge of what may be trusted
  return ranges;
}

function email(text: string): string {
  const canonical = canonicalEmail(text);
  if (!canonical) throw new Error('must be an e-mail address, such as admin@example.com');
  return canonical;
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
