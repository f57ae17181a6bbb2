import type { Rewrite } from './link-options.js';
import { eachLink, isWhole, plainAddress } from './links.js';
import type { LinkRules } from './rules.js';
import { nextTurn } from './runner.js';

const perTurn = 200;

/** What becomes of each address in a text. The user's function runs here and not in a thread, so others have their turn in between. */
export async function decideAll(
  html: string,
  rewrite: Rewrite,
  relative: LinkRules['relative'],
): Promise<ReadonlyMap<string, string | undefined>> {
  const all = new Set<string>();
  eachLink(html, '', (href) => {
    all.add(href);
    return href;
  });
  const decided = new Map<string, string | undefined>();
  for (const href of all) {
    decided.set(href, isWhole(href) ? settledAddress(href, rewrite, relative) : href);
    if (decided.size % perTurn === 0) await nextTurn();
  }
  return decided;
}

/** The answer about an address, if it leads somewhere harmless and is the answer about itself. */
export function settledAddress(
  href: string,
  rewrite: Rewrite,
  relative: LinkRules['relative'],
): string | undefined {
  const ask = (address: string): string | undefined => {
    const answer: unknown = rewrite(new URL(address)); // a user's JavaScript may give anything
    return typeof answer === 'string' ? plainAddress(answer, relative) : undefined;
  };
  const once = ask(href);
  if (once === undefined || !isWhole(once)) return once;
  return ask(once) === once ? once : undefined;
}
