import { trimOws } from './ows.js';

/** One element of a `Forwarded` header, or `undefined` when it is malformed. */
export type ForwardedElement =
  | {
      readonly for: string | undefined;
      readonly proto: string | undefined;
      readonly host: string | undefined;
    }
  | undefined;

/**
 * The elements of a `Forwarded` header (RFC 7239 §4), in one pass.
 *
 * A malformed element is one hop that can't be read. A quote that never ends would swallow what trusted proxies
 * append, so then the whole header is `undefined`.
 */
export function parseForwarded(header: string): readonly ForwardedElement[] | undefined {
  const elements: ForwardedElement[] = [];
  let start = 0;
  let isQuoted = false;
  for (let i = 0; i <= header.length; i++) {
    const code = i === header.length ? 0x2c : header.charCodeAt(i);
    if (isQuoted) {
      if (i === header.length) return undefined;
      if (code === 0x5c) i++;
      else if (code === 0x22) isQuoted = false;
    } else if (code === 0x22) {
      isQuoted = true;
    } else if (code === 0x2c) {
      elements.push(parseElement(trimOws(header.slice(start, i))));
      start = i + 1;
    }
  }
  return elements;
}

// Sticky, each step bounded by the next separator: linear. Empty pairs are allowed (RFC 7239 §4).
const pair =
  /[ \t;]*([!#$%&'*+.^_`|~0-9A-Za-z-]+)=(?:([!#$%&'*+.^_`|~0-9A-Za-z-]+)|"((?:[^"\\]|\\.)*)")[ \t]*(?:;[ \t;]*|$)/y;

function parseElement(text: string): ForwardedElement {
  const values = new Map<string, string>();
  pair.lastIndex = 0;
  do {
    const match = pair.exec(text);
    if (match === null) return undefined;
    const name = (match[1] ?? '').toLowerCase();
    if (values.has(name)) return undefined;
    values.set(name, match[2] ?? (match[3] ?? '').replaceAll(/\\(.)/g, '$1'));
  } while (pair.lastIndex < text.length);
  return { for: values.get('for'), proto: values.get('proto'), host: values.get('host') };
}

/**
 * The address text inside a node (RFC 7239 §6): a port is taken off, `unknown` and `_hidden` names stay as they are
 * and are no addresses. Also how proxies write `X-Forwarded-For`.
 */
export function nodeAddress(node: string): string {
  if (node.charCodeAt(0) === 0x5b) {
    const end = node.indexOf(']');
    return end > 0 && isNodePort(node.slice(end + 1)) && node.slice(0, end).includes(':')
      ? node.slice(1, end)
      : '';
  }
  const colon = node.indexOf(':');
  if (colon < 0 || colon !== node.lastIndexOf(':')) return node;
  return isNodePort(node.slice(colon)) ? node.slice(0, colon) : '';
}

function isNodePort(text: string): boolean {
  return text === '' || /^:(?:\d{1,5}|_[A-Za-z0-9._-]{1,60})$/.test(text);
}
