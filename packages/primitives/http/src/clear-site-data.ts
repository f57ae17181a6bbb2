import { ConfigError } from '@secapi/kernel';

const types = [
  'cache',
  'clientHints',
  'cookies',
  'executionContexts',
  'prefetchCache',
  'prerenderCache',
  'storage',
  '*',
] as const;

/** What a browser can be told to forget. */
export type SiteData = (typeof types)[number];

/**
 * The value of `Clear-Site-Data`, for the answer to a logout: what browsers then forget of this origin (ASVS v5.0.0-14.3.1).
 *
 * Browsers heed it over HTTPS and on localhost. `cookies` takes those of the whole registrable domain, also the ones that
 * are no session.
 *
 * @throws ConfigError for an empty list and for what no browser knows
 * @example
 * ```ts
 * answer(204, undefined, [['clear-site-data', clearSiteData(['cookies', 'storage'])]]);
 * ```
 */
export function clearSiteData(data: readonly SiteData[]): string {
  if (!Array.isArray(data) || data.length === 0) {
    throw new ConfigError('clearSiteData', 'names nothing', `use some of ${types.join(', ')}`);
  }
  for (const [i, type] of (data as readonly SiteData[]).entries()) {
    if (!types.includes(type)) {
      throw new ConfigError(
        `clearSiteData[${i}]`,
        'is nothing that browsers can clear',
        `use some of ${types.join(', ')}`,
      );
    }
  }
  return [...new Set<string>(data)].map((type) => `"${type}"`).join(', ');
}
