import { ConfigError, checkOptions } from '@secapi/kernel';
import type { HostRefusal } from './errors.js';
import { parseHost } from './internal/host.js';

/** The names under which an API answers. */
export interface HostCheckOptions {
  /**
   * Each exactly: `api.example` matches it without port and with 80 or 443, `localhost:3000` with that port alone.
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
    if (listed?.has(host)) return fine;
    const canonical = parseHost(host);
    if (canonical === undefined) return malformed;
    return listed === undefined || listed.has(canonical) ? fine : unknown;
  };
}

function compileHosts(hosts: unknown): ReadonlySet<string> {
  if (!Array.isArray(hosts) || hosts.length === 0) {
    throw new ConfigError('hosts.hosts', 'is not a list of hosts', "list them, like ['api.example']");
  }
  const listed = new Set<string>();
  for (const [i, host] of hosts.entries()) {
    if (typeof host !== 'string' || parseHost(host) !== host) {
      throw new ConfigError(
        `hosts.hosts[${i}]`,
        'is not a host in lower case',
        "write a name without scheme, path or wildcard, like 'api.example' or 'localhost:3000'",
      );
    }
    listed.add(host);
    if (!/:\d+$/.test(host)) listed.add(`${host}:80`).add(`${host}:443`);
  }
  return listed;
}
