import { addressNetwork } from '@secapi/http';
import { ConfigError } from '@secapi/kernel';
import type { Exchange } from '../exchange.js';

/**
 * Whose requests are counted together:
 * - `'client'`: a client's network, an IPv4 address or an IPv6 /64;
 * - `'subnet'`: its IPv4 /24 or IPv6 /48;
 * - `'principal'`: who is signed in; on a route that is open to others, these by client;
 * - `'tenant'`: the principal's tenant; one that has none by itself;
 * - `'everyone'`: all of them together.
 */
export type LimitSubject = 'client' | 'subnet' | 'principal' | 'tenant' | 'everyone';

/** One subject, several of which each combination is counted (`['client', 'principal']`), or a function that names one; undefined is not counted. */
export type LimitBy = LimitSubject | readonly LimitSubject[] | ((exchange: Exchange) => string | undefined);

const subjects: readonly LimitSubject[] = ['client', 'subnet', 'principal', 'tenant', 'everyone'];
const ofClients: readonly LimitSubject[] = ['client', 'subnet', 'everyone'];
const subnets = { ipv4: 24, ipv6: 48 };

/** Whom a limit counts, ready for use. */
export interface CompiledSubject {
  /** Whether it is known before it is known who is signed in. */
  readonly early: boolean;
  /** Whether it counts nobody before routing who isn't signed in. */
  readonly signedIn: boolean;
  /** The counter's key for a request; undefined where it isn't counted. */
  keyOf(exchange: Exchange): string | undefined;
  /** The same from what an operator knows: an address, an id, a tenant, in the order of the subjects. */
  keyFrom(texts: readonly string[], networkOf: (address: string) => string): string;
}

/** @throws ConfigError for subjects that make no sense */
export function compileSubject(option: string, name: string, by: LimitBy): CompiledSubject {
  if (typeof by === 'function') {
    return {
      early: false,
      signedIn: false,
      keyOf(exchange) {
        const who = by(exchange);
        return typeof who === 'string' ? `${name}:f:${who}` : undefined;
      },
      keyFrom: ([who = '']) => `${name}:f:${who}`,
    };
  }
  const list: readonly LimitSubject[] = typeof by === 'string' ? [by] : by;
  for (const subject of list) {
    if (!subjects.includes(subject)) {
      const remedy = `use one of ${subjects.join(', ')}, a list of them, or a function`;
      throw new ConfigError(option, 'is not known', remedy);
    }
  }
  if (list.length === 0 || new Set(list).size < list.length) {
    throw new ConfigError(option, 'names nobody, or somebody twice', "use a subject like 'client'");
  }
  const [only] = list;
  const single = list.length === 1 && only !== undefined ? only : undefined;
  return {
    early: list.every((subject) => ofClients.includes(subject)),
    signedIn: list.includes('principal') || list.includes('tenant'),
    keyOf(exchange) {
      if (single) return `${name}:${partOf(single, exchange)}`;
      return join(
        name,
        list.map((subject) => partOf(subject, exchange)),
      );
    },
    keyFrom(texts, networkOf) {
      const rest = [...texts];
      const parts = list.map((subject) => partFrom(subject, () => rest.shift() ?? '', networkOf));
      return single ? `${name}:${parts[0] ?? ''}` : join(name, parts);
    },
  };
}

/** Several parts as one text that no others give: an id may hold anything. */
function join(name: string, parts: readonly string[]): string {
  return `${name}:${JSON.stringify(parts)}`;
}

function partOf(subject: LimitSubject, exchange: Exchange): string {
  const { client, principal } = exchange;
  switch (subject) {
    case 'client':
      return `c:${client.network}`;
    case 'subnet':
      return `s:${addressNetwork(client.address, subnets) ?? ''}`;
    case 'principal':
      return principal ? `p:${principal.id}` : `c:${client.network}`;
    case 'tenant':
      return principal?.tenant === undefined ? partOf('principal', exchange) : `t:${principal.tenant}`;
    case 'everyone':
      return 'e';
  }
}

function partFrom(subject: LimitSubject, next: () => string, networkOf: (address: string) => string): string {
  switch (subject) {
    case 'client':
      return `c:${networkOf(next())}`;
    case 'subnet':
      return `s:${addressNetwork(next(), subnets) ?? ''}`;
    case 'principal':
      return `p:${next()}`;
    case 'tenant':
      return `t:${next()}`;
    case 'everyone':
      return 'e';
  }
}
