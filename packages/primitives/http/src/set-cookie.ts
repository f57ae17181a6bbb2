import { ConfigError, checkOptions, type Duration, toSeconds } from '@secapi/kernel';
import { stringifySetCookie } from 'cookie';
import { prefixOf } from './internal/cookie-name.js';
import { parseHost } from './internal/host.js';
import { isToken } from './internal/token.js';

/** Where a cookie goes and who can see it. */
export interface CookieAttributes {
  /** @default '/' */
  readonly path?: string;
  /** A parent domain whose subdomains get the cookie too. @default none: this host alone */
  readonly domain?: string;
  /** @default true */
  readonly secure?: boolean;
  /** Whether scripts can't see it. @default true */
  readonly httpOnly?: boolean;
  /** @default 'Strict' */
  readonly sameSite?: 'Strict' | 'Lax' | 'None';
  /** A jar of its own under each top-level site (CHIPS). @default false */
  readonly partitioned?: boolean;
}

/** A cookie to be set. */
export interface Cookie extends CookieAttributes {
  /** A token; prefixes such as `__Host-` are held to their rules. */
  readonly name: string;
  /** Written as it is: printable ASCII without space, quote, comma, semicolon and backslash. */
  readonly value: string;
  /** From a second to 400 days, the most that browsers keep. @default until the browser ends */
  readonly maxAge?: Duration;
}

const attributes = ['path', 'domain', 'secure', 'httpOnly', 'sameSite', 'partitioned'];
const maxAge = { min: 1, max: 400 * 86_400 };
const sameSites = { Strict: 'strict', Lax: 'lax', None: 'none' } as const;

/**
 * The value of a `Set-Cookie` header (RFC 6265bis §4.1, ASVS v5.0.0-3.3).
 *
 * @throws ConfigError when a browser would drop or widen the cookie: a prefix without its attributes, more than 4,096
 * bytes, a character outside the grammar. The message never holds the value.
 */
export function serializeCookie(cookie: Cookie): string {
  checkOptions('cookie', cookie, ['name', 'value', 'maxAge', ...attributes]);
  const { name, value } = cookie;
  if (typeof value !== 'string' || value.length > 4_096 || !/^[!#-+\--:<-[\]-~]*$/.test(value)) {
    throw new ConfigError(
      'cookie.value',
      'has characters that a cookie can not hold',
      'encode it as base64url',
    );
  }
  const seconds =
    cookie.maxAge === undefined ? undefined : Math.floor(toSeconds('cookie.maxAge', cookie.maxAge, maxAge));
  return write(name, value, cookie, seconds === undefined ? {} : { maxAge: seconds });
}

/**
 * The value of a `Set-Cookie` header that takes a cookie away; path, domain and partition must be those that it was set with.
 *
 * @throws ConfigError as {@link serializeCookie}
 */
export function clearCookie(name: string, where: CookieAttributes = {}): string {
  checkOptions('cookie', where, attributes);
  return write(name, '', where, { maxAge: 0, expires: new Date(0) });
}

function write(
  name: string,
  value: string,
  where: CookieAttributes,
  lifetime: { maxAge?: number; expires?: Date },
): string {
  const {
    path = '/',
    domain,
    secure = true,
    httpOnly = true,
    sameSite = 'Strict',
    partitioned = false,
  } = where;
  if (!isToken(name)) {
    throw new ConfigError('cookie.name', 'is not a token', 'use letters, digits, - and _, 200 at most');
  }
  if (name.length + value.length > 4_096) {
    throw new ConfigError('cookie.value', 'is too long', 'keep name and value within 4096 bytes');
  }
  if (typeof path !== 'string' || path.length > 1_024 || !/^\/[!-:=-~]*$/.test(path)) {
    throw new ConfigError(
      'cookie.path',
      'is not a path',
      "write it from the root, like '/api', in printable ASCII without ; and <",
    );
  }
  if (domain !== undefined && !isDomain(domain)) {
    throw new ConfigError(
      'cookie.domain',
      'is not a domain',
      "write it in lower case without leading dot or port, like 'example.com'",
    );
  }
  for (const [key, flag] of Object.entries({ secure, httpOnly, partitioned })) {
    if (typeof flag !== 'boolean')
      throw new ConfigError(`cookie.${key}`, 'is not a boolean', 'write true or false');
  }
  if (!Object.hasOwn(sameSites, sameSite)) {
    throw new ConfigError('cookie.sameSite', 'is unknown', "use 'Strict', 'Lax' or 'None'");
  }
  if ((sameSite === 'None' || partitioned) && !secure) {
    throw new ConfigError('cookie.secure', 'is off beside SameSite=None or Partitioned', 'leave secure on');
  }
  checkPrefix(name, { path, domain, secure, httpOnly });
  return stringifySetCookie(
    {
      name,
      value,
      path,
      secure,
      httpOnly,
      partitioned,
      sameSite: sameSites[sameSite],
      ...(domain === undefined ? {} : { domain }),
      ...lifetime,
    },
    { encode: (text) => text },
  );
}

function isDomain(domain: unknown): boolean {
  return (
    typeof domain === 'string' &&
    /^[a-z0-9.-]+$/.test(domain) &&
    !domain.endsWith('.') &&
    parseHost(domain) === domain
  );
}

function checkPrefix(
  name: string,
  where: { path: string; domain: string | undefined; secure: boolean; httpOnly: boolean },
): void {
  const rule = prefixOf(name);
  if (rule === undefined) return;
  const { prefix } = rule;
  if (!name.startsWith(prefix)) {
    throw new ConfigError('cookie.name', `spells the prefix ${prefix} in another case`, `write '${prefix}…'`);
  }
  if (!where.secure)
    throw new ConfigError('cookie.secure', `is off in a ${prefix} cookie`, 'leave secure on');
  if (rule.http && !where.httpOnly) {
    throw new ConfigError('cookie.httpOnly', `is off in a ${prefix} cookie`, 'leave httpOnly on');
  }
  if (rule.host && where.domain !== undefined) {
    throw new ConfigError('cookie.domain', `is set in a ${prefix} cookie`, 'leave it out');
  }
  if (rule.host && where.path !== '/') {
    throw new ConfigError('cookie.path', `is not '/' in a ${prefix} cookie`, "write '/', or leave it out");
  }
}
