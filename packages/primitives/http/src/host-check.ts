import { ConfigError, checkOptions } from '@secapi/kernel';
import type { HostRefusal } from './errors.js';
import { parseHost } from './internal/host.js';
import { checkSuffix, isUnder } from './internal/subdomains.js';

/** The names under which an API answers. */
export interface HostCheckOptions {
  /**
   * Each exactly: `api.example` matches it without port and with 80 or 443, `localhost:3000` with that port alone;
   * `*.example.com` is every name under it, of one or more labels, and never `example.com` itself. A name with a dot at
   * its end is another name to browsers and caches, and only matches where it is listed so.
   *
   * @default any name that is well formed
   */
  readonly hosts?: readonly string[];
}

/** What the check says. */
export type HostVerdict = { readonly ok: true } | { readonly ok: false; readonly reason: HostRefusal };

const fine: HostVerdict = Object.freeze({ ok: true });
const missing: HostVerdict = Object.freeze({ ok: false, reason: 'HOST_MISSING' });
const malformed: HostVerdict = Object.freeze({ ok: false, reason: 'HOST_SYNTAX' });
const unknown: HostVerdict = Object.freeze({ ok: false, reason: 'HOST_UNKNOWN' });

/**
 * Compiles a check of the host that a request names, so that no link or cache entry is made for another's name.
 *
 * @throws ConfigError when a host of the list is not one
 */
export function createHostCheck(options: HostCheckOptions = {}): (host: string | undefined) => HostVerdict {
  checkOptions('hosts', options, ['hosts']);
  const listed = options.hosts === undefined ? undefined : compileHosts(options.hosts);

  return function hostCheck(host: string | undefined): HostVerdict {
    if (host === undefined || host === '') return missing;
    if (listed?.names.has(host)) return fine;
    const canonical = parseHost(host);
    if (canonical === undefined) return malformed;
    return listed === undefined || isListed(canonical, listed) ? fine : unknown;
  };
}

interface Listed {
  readonly names: ReadonlySet<string>;
  /** Suffixes of patterns, each with the ports that go with it; `''` is none. */
  readonly patterns: readonly { readonly suffix: string; readonly ports: readonly string[] }[];
}

function isListed(host: string, { names, patterns }: Listed): boolean {
  if (names.has(host)) return true;
  if (patterns.length === 0) return false;
  const port = /:\d+$/.exec(host)?.[0] ?? '';
  const name = host.slice(0, host.length - port.length);
  return patterns.some(({ suffix, ports }) => ports.includes(port) && isUnder(name, suffix));
}

function compileHosts(hosts: unknown): Listed {
  if (!Array.isArray(hosts) || hosts.length === 0) {
    throw new ConfigError('hosts.hosts', 'is not a list of hosts', "list them, like ['api.example']");
  }
  const names = new Set<string>();
  const patterns: Listed['patterns'][number][] = [];
  for (const [i, host] of hosts.entries()) {
    const option = `hosts.hosts[${i}]`;
    const isPattern = typeof host === 'string' && host.startsWith('*.');
    const text: unknown = isPattern ? host.slice(2) : host;
    if (
      typeof text !== 'string' ||
      parseHost(text) !== text ||
      (isPattern && !/^[a-z0-9.-]*[a-z][a-z0-9-]*(?::\d+)?$/.test(text))
    ) {
      throw new ConfigError(
        option,
        'is not a host in lower case',
        "write a name without scheme or path, like 'api.example' or 'localhost:3000', or '*.example.com' for all under it",
      );
    }
    const port = /:\d+$/.exec(text)?.[0];
    if (isPattern) {
      const suffix = text.slice(0, text.length - (port?.length ?? 0));
      checkSuffix(option, suffix);
      patterns.push({ suffix, ports: port === undefined ? ['', ':80', ':443'] : [port] });
    } else {
      names.add(text);
      if (port === undefined) names.add(`${text}:80`).add(`${text}:443`);
    }
  }
  return { names, patterns };
}
