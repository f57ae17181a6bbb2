import { ConfigError } from '@secapi/kernel';
import { checkOrigin } from './origin.js';
import { checkSuffix, isUnder } from './subdomains.js';

/** Origins that a configuration allows: some exactly, some by a pattern. */
export interface OriginSet {
  /** Those that are listed exactly. */
  readonly exact: readonly string[];
  readonly hasPatterns: boolean;
  /** Whether an origin, as a browser sent it, is one of them. */
  has(origin: string): boolean;
}

interface Pattern {
  /** `https://` */
  readonly start: string;
  readonly suffix: string;
  /** `:8443`, or nothing for the scheme's own. */
  readonly port: string;
}

const longest = 300;

/**
 * Compiles a list of origins and patterns such as `https://*.example.com`.
 *
 * The star stands first in the host and for one or more whole labels: never for the domain itself, another scheme or
 * another port. Everything else is compared as text.
 *
 * @throws ConfigError when an entry is spelled as no browser sends it, or a pattern holds strangers
 */
export function compileOrigins(option: string, origins: unknown): OriginSet {
  if (origins === '*') {
    throw new ConfigError(option, 'is a wildcard', "list each origin exactly, like ['https://app.example']");
  }
  if (!Array.isArray(origins)) {
    throw new ConfigError(option, 'is not a list', "list each origin, like ['https://app.example']");
  }
  const exact: string[] = [];
  const patterns: Pattern[] = [];
  for (const [i, entry] of origins.entries()) {
    const at = `${option}[${i}]`;
    if (typeof entry === 'string' && entry.includes('*') && entry !== '*')
      patterns.push(parsePattern(at, entry));
    else exact.push(checkOrigin(at, entry));
  }
  const set = new Set(exact);
  const matches = (origin: string): boolean => patterns.some((pattern) => matchesPattern(origin, pattern));
  return {
    exact,
    hasPatterns: patterns.length > 0,
    has: patterns.length === 0 ? (origin) => set.has(origin) : (origin) => set.has(origin) || matches(origin),
  };
}

function parsePattern(option: string, text: string): Pattern {
  const match =
    text.length <= longest
      ? /^(https?:\/\/)\*\.([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(:\d{1,5})?$/.exec(text)
      : null;
  const [, start, suffix, port = ''] = match ?? [];
  // A host that URL would write in another way, such as an address or a default port, is one that no browser sends.
  const sample = `${start}x.${suffix}${port}`;
  if (
    start === undefined ||
    suffix === undefined ||
    !URL.canParse(sample) ||
    new URL(sample).origin !== sample
  ) {
    throw new ConfigError(
      option,
      'is not a pattern of origins: a star for whole labels at the start of the host, the rest as browsers send it',
      "write it like 'https://*.example.com', in lower case and punycode, or list each origin exactly",
    );
  }
  checkSuffix(option, suffix);
  if (start === 'http://' && suffix !== 'localhost') {
    throw new ConfigError(
      option,
      'is a pattern over plain HTTP, where anybody on the way can speak for every name',
      "write 'https://…'",
    );
  }
  return { start, suffix, port };
}

function matchesPattern(origin: string, { start, suffix, port }: Pattern): boolean {
  if (origin.length > longest || !origin.startsWith(start) || !origin.endsWith(port)) return false;
  return isUnder(origin.slice(start.length, origin.length - port.length), suffix);
}
