import { ConfigError, checkOptions, isSafeUrl, type Size, toBytes } from '@secapi/kernel';
import type { BreachRange } from './breach-check.js';

/** How the range API is reached over HTTP. */
export interface HttpRangeOptions {
  /** The address before the prefix, for example `https://api.pwnedpasswords.com/range/`; `http:` only on this machine. */
  readonly url: string;
  /** More headers, for an API key or a name of your own. `Add-Padding: true` is always sent. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes that are read before it gives up. @default '256kb' */
  readonly maxSize?: Size;
  /** @default the runtime's fetch */
  readonly fetch?: typeof fetch;
}

/**
 * A source of breached passwords over HTTP, in the format of the public range API: it follows no redirect (ASVS
 * v5.0.0-15.3.2) and reads no more than it must.
 *
 * @throws ConfigError when the address isn't one, or not `https:`
 */
export function createHttpRange(options: HttpRangeOptions): BreachRange {
  checkOptions('httpRange', options, ['url', 'headers', 'maxSize', 'fetch']);
  const base = checkUrl(options.url);
  const maxSize = toBytes('httpRange.maxSize', options.maxSize ?? '256kb');
  const headers = { ...options.headers, 'add-padding': 'true' };
  const request = options.fetch ?? fetch;

  return async function range(prefix, { signal }) {
    // Not every runtime knows the word 'error' here; a redirect that isn't followed is not ok either.
    const response = await request(`${base}${prefix}`, { headers, signal, redirect: 'manual' });
    if (!response.ok || !response.body) {
      await response.body?.cancel();
      throw new Error(`the source of breached passwords answered ${response.status}`);
    }
    return readText(response.body, maxSize);
  };
}

function checkUrl(text: unknown): string {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !isSafeUrl(url)) {
    throw new ConfigError('httpRange.url', 'is not an https address', 'write https://…/range/');
  }
  if (url.search || url.hash || !url.pathname.endsWith('/')) {
    throw new ConfigError('httpRange.url', 'does not end in a path', 'end it in /: the prefix comes next');
  }
  return url.href;
}

async function readText(body: ReadableStream<Uint8Array>, maxSize: number): Promise<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let size = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.length;
    if (size > maxSize) {
      await reader.cancel();
      throw new Error('the answer of the source of breached passwords is too long');
    }
    text += decoder.decode(part.value, { stream: true });
  }
  return text + decoder.decode();
}

/**
 * How often a digest's suffix was seen, or `undefined` when any line is not `SUFFIX:COUNT`: the page of a proxy must not
 * pass for "not breached". Padding has the count 0.
 */
export function countIn(text: string, suffix: string): number | undefined {
  let count = 0;
  for (const line of text.split('\n')) {
    const entry = line.trimEnd();
    if (entry === '') continue;
    if (!/^[0-9A-Fa-f]{35}:\d{1,15}$/.test(entry)) return undefined;
    if (entry.slice(0, 35).toUpperCase() === suffix) count = Math.max(count, Number(entry.slice(36)));
  }
  return count;
}
