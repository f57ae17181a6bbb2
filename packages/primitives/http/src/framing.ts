import type { FramingRefusal } from './errors.js';

/** Every value of the two headers that say where a request's body ends. */
export interface FramingFacts {
  readonly contentLength: readonly string[];
  readonly transferEncoding: readonly string[];
  /** The version of HTTP, like `1.1`; before it there was no `Transfer-Encoding`. @default not looked at */
  readonly version?: string | undefined;
}

/** What the check says. */
export type FramingVerdict = { readonly ok: true } | { readonly ok: false; readonly reason: FramingRefusal };

const fine: FramingVerdict = Object.freeze({ ok: true });
const both: FramingVerdict = Object.freeze({ ok: false, reason: 'FRAMING_BOTH' });
const length: FramingVerdict = Object.freeze({ ok: false, reason: 'FRAMING_LENGTH' });
const version: FramingVerdict = Object.freeze({ ok: false, reason: 'FRAMING_VERSION' });
const encoding: FramingVerdict = Object.freeze({ ok: false, reason: 'FRAMING_ENCODING' });

/**
 * Whether the end of a request's body can be read in one way only (RFC 9112 §6.3, ASVS v5.0.0-4.2.1).
 *
 * A server and the proxy before it that read it differently are how requests are smuggled. So: not both headers, one
 * length of digits alone, and no encoding but `chunked`, which HTTP/1.0 doesn't have.
 */
export function framing(facts: FramingFacts): FramingVerdict {
  const { contentLength, transferEncoding } = facts;
  if (transferEncoding.length > 0) {
    if (facts.version === '1.0' || facts.version === '0.9') return version;
    if (contentLength.length > 0) return both;
    const value = transferEncoding[0];
    if (transferEncoding.length > 1 || value === undefined) return encoding;
    // Not toLowerCase, which makes a k of the Kelvin sign.
    return /^chunked$/i.test(value) ? fine : encoding;
  }
  if (contentLength.length === 0) return fine;
  const value = contentLength[0];
  return contentLength.length === 1 && value !== undefined && /^\d{1,15}$/.test(value) ? fine : length;
}
