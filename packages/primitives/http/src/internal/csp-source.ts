import { canonicalHostname } from './csp-host.js';

const keywords: ReadonlySet<string> = new Set([
  'none',
  'self',
  'unsafe-inline',
  'unsafe-eval',
  'unsafe-hashes',
  'wasm-unsafe-eval',
  'strict-dynamic',
  'report-sample',
  'inline-speculation-rules',
  'report-sha256',
  'report-sha384',
  'report-sha512',
  'trusted-types-eval',
]);
const hash = /^sha(?:256|384|512)-[A-Za-z0-9+/_-]{43,86}={0,2}$/i;
const nonce = /^nonce-([A-Za-z0-9+/_-]+={0,2})$/i;
const scheme = /^[a-z][a-z0-9+.-]{0,30}:$/i;
const host =
  /^(?:([a-z][a-z0-9+-]{0,30}):\/\/)?(\*|(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\[[\da-f:.]{2,45}\])(?::(\d{1,5}|\*))?(\/[!#-+.-:=@-Z_a-z~-]*)?$/i;

/** Stands in a policy for the nonce of each response. */
export const noncePlaceholder = "'nonce'";

/** A source of CSP3 §2.3.1, taken apart. */
export type Source =
  | { readonly kind: 'keyword'; readonly word: string }
  | { readonly kind: 'placeholder' }
  | { readonly kind: 'nonce'; readonly value: string }
  | { readonly kind: 'hash' }
  | { readonly kind: 'scheme'; readonly scheme: string }
  | {
      readonly kind: 'host';
      readonly scheme: string | undefined;
      readonly host: string;
      readonly path: string;
    }
  /** A keyword, nonce or hash that lacks its quotes, and so is read as the name of a host. */
  | { readonly kind: 'unquoted' }
  | { readonly kind: 'unknown-keyword' }
  | { readonly kind: 'invalid' };

/** What a browser would make of a source. */
export function readSource(source: string): Source {
  if (source.length > 500) return { kind: 'invalid' };
  if (source === noncePlaceholder) return { kind: 'placeholder' };
  if (source.length > 2 && source.startsWith("'") && source.endsWith("'"))
    return readQuoted(source.slice(1, -1));
  const lower = source.toLowerCase();
  if (keywords.has(lower) || /^(?:nonce|sha256|sha384|sha512)-/.test(lower)) return { kind: 'unquoted' };
  if (scheme.test(source)) return { kind: 'scheme', scheme: lower.slice(0, -1) };
  const match = host.exec(source);
  if (!match) return { kind: 'invalid' };
  return {
    kind: 'host',
    scheme: match[1]?.toLowerCase(),
    host: canonicalHostname(match[2] ?? ''),
    path: match[4] ?? '',
  };
}

function readQuoted(word: string): Source {
  const lower = word.toLowerCase();
  if (keywords.has(lower)) return { kind: 'keyword', word: lower };
  if (hash.test(word)) return { kind: 'hash' };
  const value = nonce.exec(word)?.[1];
  return value === undefined ? { kind: 'unknown-keyword' } : { kind: 'nonce', value };
}

/** The keywords as a policy spells them, for messages. */
export const keywordList: string = `'${[...keywords].join("', '")}'`;
