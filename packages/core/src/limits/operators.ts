import { createClientResolver } from '@secapi/http';
import { ConfigError } from '@secapi/kernel';
import type { RuleState } from '@secapi/rate-limit';
import type { LimitDesk } from './desk.js';
import type { Limit } from './limit.js';

/** Limits as an operator sees them. A subject is an address, a principal's id or a tenant: what the limit counts by; for several, a list in their order. */
export interface LimitOperations {
  /** The names of the limits. */
  readonly names: readonly string[];
  /** What a limit says now of somebody, by the rule that is declared; nothing is counted. @throws ConfigError when there is no such limit */
  inspect(name: string, ...subject: readonly string[]): Promise<RuleState | undefined>;
  /** Forgets what a limit has counted of somebody. @throws ConfigError when there is no such limit */
  reset(name: string, ...subject: readonly string[]): Promise<void>;
  /** Ends the penalties of an address. */
  pardon(address: string): Promise<void>;
}

/** @param ipv6Prefix how many bits of an IPv6 address make one client */
export function createLimitOperations(
  desk: LimitDesk,
  limits: readonly Limit[],
  ipv6Prefix: number,
): LimitOperations {
  const resolve = createClientResolver({ ipv6Prefix });

  function networkOf(address: string): string {
    const told = resolve({ peer: address, encrypted: false, host: undefined });
    return told.ok ? told.client.network : address;
  }

  function requestFor(name: string, subject: readonly string[]) {
    const limit = limits.find((one) => one.name === name);
    if (!limit) {
      const names = limits.map((one) => one.name).join(', ');
      throw new ConfigError('limits', `have no '${name}'`, `use one of ${names}`);
    }
    return { rule: limit.rule, key: limit.subject.keyFrom(subject, networkOf) };
  }

  return {
    names: limits.map((limit) => limit.name),
    async inspect(name, ...subject) {
      const [state] = await desk.limiter.inspect([requestFor(name, subject)]);
      return state;
    },
    async reset(name, ...subject) {
      await desk.limiter.reset([requestFor(name, subject)]);
    },
    async pardon(address) {
      await desk.penalties?.pardon(networkOf(address));
    },
  };
}
