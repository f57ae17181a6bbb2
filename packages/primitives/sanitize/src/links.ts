import type { LinkRules } from './rules.js';

const schemes: ReadonlySet<string> = new Set(['https:', 'http:', 'mailto:']);
/** Stands where no origin is known; nobody can own it (RFC 6761). */
const nowhere = 'https://relative.invalid/';

// A serializer writes text without `<`, values in double quotes, and no quote in a value. All tags are matched and not links alone, so that
// what looks like a link inside of a value is passed over.
const tag = /<([a-z][a-z0-9]*)((?: [a-z-]+="[^"]*")*)>/g;
/** What DOMPurify or a serializer would write in another way. */
const unplain = /[\0-\x20\x7f-\xa0"<>]/g;
const attribute = / ([a-z-]+)="([^"]*)"/g;

/**
 * Gives every link of a serializer's output the address that `decide` has for it, and `given` after it. A link that has none stays as an `a`
 * without an address.
 */
export function eachLink(html: string, given: string, decide: (href: string) => string | undefined): string {
  if (!html.includes('<a ')) return html;
  return html.replaceAll(tag, (whole, name: string, attributes: string) => {
    if (name !== 'a' || attributes === '') return whole;
    let linked = false;
    const others = attributes.replaceAll(attribute, (own, key: string, value: string) => {
      if (key === 'rel' || key === 'target') return '';
      if (key !== 'href') return own;
      const href = decide(toText(value));
      linked = href !== undefined;
      return href === undefined ? '' : ` href="${toValue(href)}"`;
    });
    return `<a${others}${linked ? given : ''}>`;
  });
}

/** The address as a browser would read it, if it leads somewhere harmless and policy lets it stay. */
export function plainAddress(href: string, relative: LinkRules['relative']): string | undefined {
  const trimmed = href.trim();
  if (URL.canParse(trimmed)) return wholeAddress(trimmed);
  if (!URL.canParse(trimmed, nowhere)) return undefined;
  const resolved = new URL(trimmed, nowhere);
  // `//example.com` is as far away as `https://example.com`
  if (resolved.origin !== new URL(nowhere).origin) return wholeAddress(resolved.href);
  if (relative === 'remove') return undefined;
  if (relative !== 'keep') return wholeAddress(new URL(trimmed, relative.base).href);
  // what a browser leaves out, and what it writes in another way
  return trimmed.replaceAll(/[\t\n\r]/g, '').replaceAll(unplain, encodeURIComponent);
}

/** An address with an origin, or one for mail, in the one form that doesn't change when it is read again. */
function wholeAddress(href: string): string | undefined {
  if (!URL.canParse(href)) return undefined;
  const url = new URL(href);
  if (!schemes.has(url.protocol)) return undefined;
  // a name before an @ is there to be taken for the host
  if (url.username !== '' || url.password !== '') return undefined;
  const once = url.href;
  return once.search(unplain) === -1 && new URL(once).href === once ? once : undefined;
}

/** Whether an address is asked about: the relative ones that stay are nobody's business. */
export function isWhole(href: string): boolean {
  return URL.canParse(href);
}

const references: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&quot;': '"',
  '&nbsp;': '\u00a0',
  '&lt;': '<',
  '&gt;': '>',
};

function toText(value: string): string {
  return value.replaceAll(/&(?:amp|quot|nbsp|lt|gt);/g, (reference) => references[reference] ?? reference);
}

function toValue(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
}
