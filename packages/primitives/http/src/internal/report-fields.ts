/** What a report names in place of an address (CSP3 §5.3). */
const words: ReadonlySet<string> = new Set([
  'eval',
  'inline',
  'self',
  'trusted-types-policy',
  'trusted-types-sink',
  'wasm-eval',
]);
const web: ReadonlySet<string> = new Set(['http:', 'https:', 'ws:', 'wss:']);
const maxUrl = 300;

export function clip(text: string, length: number): string {
  return text.length > length ? text.slice(0, length) : text;
}

/**
 * An address as it may be logged: without user, query and fragment, where secrets stand, and of `data:`, `blob:` and
 * extensions the scheme alone. A word like `inline` stays; anything else is nothing.
 */
export function cleanUrl(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > 16_384) return undefined;
  if (words.has(value)) return value;
  const scheme = /^([a-z][a-z0-9+.-]{0,30}):/i.exec(value)?.[1]?.toLowerCase();
  // Browsers name a page or a file that is of no web scheme by the scheme alone, sometimes without its colon.
  if (scheme === undefined) return /^(?:about|blob|data|filesystem)$/.test(value) ? `${value}:` : undefined;
  if (!web.has(`${scheme}:`)) return `${scheme}:`;
  if (!URL.canParse(value)) return undefined;
  const { origin, pathname, protocol, host } = new URL(value);
  return clip(`${origin === 'null' ? `${protocol}//${host}` : origin}${pathname}`, maxUrl);
}

/** The name of a directive. */
export function nameOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^[a-z][a-z-]{0,40}$/.test(value) ? value : undefined;
}

/** A line or a column. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 31
    ? value
    : undefined;
}
