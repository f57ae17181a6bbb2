import type { HeaderList, SecurityHeaders } from '@secapi/http';
import type { Exchange } from '../exchange.js';
import type { AnswerHead, HeadHeaders, LateHeaders } from '../late-headers.js';

const page = /^\s*(?:text\/html|application\/xhtml\+xml)\s*(?:;|$)/i;
/** With these an answer tells caches on the way something else than `Cache-Control` does (RFC 9213). */
const ofCaches = ['cdn-cache-control', 'surrogate-control'];
const nothing: HeaderList = [];

/**
 * What depends on the answer: the headers of pages on pages, and the nonce of this response in its policy.
 *
 * @returns nothing where nothing depends on it
 */
export function compileLate(
  own: SecurityHeaders,
  pages: SecurityHeaders | undefined,
): LateHeaders | undefined {
  if (!pages && !own.asksForNonce) return undefined;
  const base = new Map(own.always);
  const ofPages = new Map(pages?.always);
  const differing = new Set(
    [...base.keys(), ...ofPages.keys()].filter((name) => pages && base.get(name) !== ofPages.get(name)),
  );

  /** The exchange's headers with another list in place of what this guard has set; what others have changed since stays. */
  function exchanged(standing: HeaderList, list: HeaderList): HeaderList {
    const added = new Map(list);
    const headers: (readonly [string, string])[] = [];
    for (const header of standing) {
      const [name, value] = header;
      const other = added.get(name);
      if (base.get(name) !== value) headers.push(header);
      else if (other !== undefined) headers.push(other === value ? header : [name, other]);
      added.delete(name);
    }
    for (const header of added) headers.push(header);
    return headers;
  }

  return function late(exchange: Exchange, head: AnswerHead): HeadHeaders {
    const standing = exchange.headers;
    // What is not modified is stored already, with the headers of its type, which this answer doesn't tell (RFC 9111 §3.2).
    if (head.status === 304 && pages)
      return { beside: standing.filter(([name]) => !differing.has(name)), over: nothing };
    const chosen = pages && page.test(head.header('content-type') ?? '') ? pages : own;
    const stored = mayBeStored(standing, head);
    // Where nobody has asked for it, no element bears it, and a policy without a nonce says the same to every reader.
    const list =
      chosen.asksForNonce && (exchange.nonceUsed || !stored)
        ? chosen.withNonce(exchange.nonce())
        : chosen.always;
    return {
      beside: list === own.always ? standing : exchanged(standing, list),
      over: stored && exchange.nonceUsed ? neverStored(head) : nothing,
    };
  };
}

function mayBeStored(standing: HeaderList, head: AnswerHead): boolean {
  const control =
    head.header('cache-control') ?? standing.find(([name]) => name === 'cache-control')?.[1] ?? '';
  if (!/\bno-store\b/i.test(control)) return true;
  return ofCaches.some((name) => !/\bno-store\b/i.test(head.header(name) ?? 'no-store'));
}

function neverStored(head: AnswerHead): HeaderList {
  const names = ofCaches.filter((name) => head.header(name) !== undefined);
  return ['cache-control', ...names].map((name) => [name, 'no-store'] as const);
}
