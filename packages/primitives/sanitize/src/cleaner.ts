import type { Engine } from './engine.js';
import { eachLink, plainAddress } from './links.js';
import { nestsDeeperThan } from './nesting.js';
import type { Rules, SanitizeResult } from './rules.js';
import { isLonger } from './size.js';
import { isPlainlyStable } from './stable.js';

/**
 * Cleans one text by its rules until it doesn't change any more, on whatever thread this runs. What comes out is within the bounds for what
 * comes in, so that it can be sanitized again.
 */
export function cleanWith(engine: Engine, html: string, rules: Rules): SanitizeResult {
  if (nestsDeeperThan(html, rules.maxDepth)) return { ok: false, reason: 'HTML_TOO_DEEP' };
  const { relative, given } = rules.links;
  const once = (text: string): string =>
    eachLink(engine.clean(text, rules), given, (href) => plainAddress(href, relative));

  let safe = once(html);
  // nothing but simple tags that stay: what a second pass would show is known
  if (!isPlainlyStable(safe, new Set(rules.tags), given)) {
    let again = once(safe);
    for (let pass = 0; pass < 1 && again !== safe; pass++) {
      safe = again;
      again = once(safe);
    }
    if (again !== safe) return { ok: false, reason: 'HTML_UNSTABLE' };
  }
  if (isLonger(safe, rules.maxBytes)) return { ok: false, reason: 'HTML_TOO_LARGE' };
  if (nestsDeeperThan(safe, rules.maxDepth)) return { ok: false, reason: 'HTML_TOO_DEEP' };
  return { ok: true, html: safe };
}
