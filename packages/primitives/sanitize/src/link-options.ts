import { ConfigError, checkOptions } from '@secapi/kernel';
import { settledAddress } from './rewrite.js';
import type { LinkRules } from './rules.js';

/** Gives an address another, leaves it as it is, or takes it away. */
export type Rewrite = (url: URL) => string | undefined;

/** What becomes of links. */
export interface LinkOptions {
  /**
   * What becomes of addresses without an origin: they stay, they go, or they are made whole against the address of the page that they were
   * written on.
   *
   * @default 'keep'
   */
  readonly relative?: 'keep' | 'remove' | { readonly base: string };
  /**
   * Gives each address another; without one, the link loses its address. It is asked about `http`, `https` and `mailto` only, what it gives is
   * held to the same, and asked about its own answer it must give that answer again: a link of which it doesn't loses its address too.
   */
  readonly rewrite?: Rewrite;
  /** The `rel` of every link. @default ['noopener', 'noreferrer', 'nofollow', 'ugc'] */
  readonly rel?: readonly string[];
  /** Opens every link in a new tab; its `rel` must then have `noopener`. @default none */
  readonly target?: '_blank';
}

const knownRels = ['noopener', 'noreferrer', 'nofollow', 'ugc', 'sponsored', 'external'];

/** @throws ConfigError for what can't be meant */
export function checkLinks(options: LinkOptions): LinkRules & { readonly rewrite: Rewrite | undefined } {
  checkOptions('sanitizer.links', options, ['relative', 'rewrite', 'rel', 'target']);
  const relative = checkRelative(options.relative ?? 'keep');
  const { rewrite, target } = options;
  if (rewrite !== undefined) checkRewrite(rewrite, relative);
  const rel = checkRel(options.rel ?? ['noopener', 'noreferrer', 'nofollow', 'ugc']);
  if (target !== undefined && target !== '_blank') {
    throw new ConfigError('sanitizer.links.target', 'is not a target', "write '_blank', or leave it out");
  }
  if (target === '_blank' && !rel.includes('noopener')) {
    throw new ConfigError(
      'sanitizer.links.rel',
      'lets a new tab steer the page that it was opened from',
      "add 'noopener'",
    );
  }
  const given = `${rel.length > 0 ? ` rel="${rel.join(' ')}"` : ''}${target ? ` target="${target}"` : ''}`;
  return { relative, given, rewrite };
}

function checkRelative(relative: LinkRules['relative']): LinkRules['relative'] {
  if (relative === 'keep' || relative === 'remove') return relative;
  const at = 'sanitizer.links.relative';
  const remedy = "use 'keep', 'remove' or { base: 'https://example.com/' }";
  if (typeof relative === 'string') throw new ConfigError(at, 'is not a policy', remedy);
  checkOptions(at, relative, ['base']);
  const { base } = relative;
  if (typeof base !== 'string' || !URL.canParse(base)) {
    throw new ConfigError(`${at}.base`, 'is not an address with an origin', remedy);
  }
  const { protocol, username, password, href } = new URL(base);
  if (!/^https?:$/.test(protocol) || username !== '' || password !== '') {
    throw new ConfigError(`${at}.base`, 'is not an address of the web', remedy);
  }
  return { base: href };
}

function checkRel(rel: readonly string[]): readonly string[] {
  const at = 'sanitizer.links.rel';
  if (!Array.isArray(rel)) throw new ConfigError(at, 'is not a list', `list some of ${knownRels.join(', ')}`);
  for (const [index, name] of rel.entries()) {
    if (!knownRels.includes(name) || rel.indexOf(name) !== index) {
      throw new ConfigError(
        `${at}[${index}]`,
        'is not offered, or there twice',
        `use some of ${knownRels.join(', ')}, each once`,
      );
    }
  }
  return [...rel];
}

/** Tried on one address, so that a function that can never settle is found before the first text. */
function checkRewrite(rewrite: Rewrite, relative: LinkRules['relative']): void {
  const at = 'sanitizer.links.rewrite';
  if (typeof rewrite !== 'function') {
    throw new ConfigError(at, 'is not a function', 'pass (url) => url.href, or leave it out');
  }
  const sample = 'https://example.com/a?b=c#d';
  const answer: unknown = rewrite(new URL(sample));
  if (answer === undefined) return;
  if (typeof answer !== 'string') {
    throw new ConfigError(at, 'gives something else than a text', 'give url.href, or undefined');
  }
  if (settledAddress(sample, rewrite, relative) === undefined) {
    throw new ConfigError(
      at,
      'changes its own answer again, or gives an address that leads nowhere harmless',
      'give addresses that are already yours back as they are, and only http, https or mailto',
    );
  }
}
