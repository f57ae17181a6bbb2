import { checkOptions } from '@secapi/kernel';
import { checkOrigins } from './internal/origin.js';

/** Where redirects may lead. */
export interface RedirectOptions {
  /** Other origins, each spelled as browsers send it. @default none: paths of this server alone */
  readonly origins?: readonly string[];
}

const maxLength = 2_048;
/** A host that nobody has (RFC 2606): what is relative to it stays on it, or isn't relative. */
const nobody = 'https://redirect.invalid';

/**
 * Compiles the check of a redirect's target that a client has named, such as `?next=` (ASVS v5.0.0-3.7.2, CWE-601).
 *
 * A target is either a path of this server, or a whole URL of a listed origin. Both are compared after parsing, as browsers parse; what
 * browsers, proxies and frameworks are known to read in different ways is refused: `//host`, backslashes, control characters and spaces,
 * user information, other alphabets, paths that become `//host` once dots or percent-encoding are resolved.
 *
 * @returns a function that gives the target as a `Location`, or undefined where it may not lead
 * @throws ConfigError when an origin is not spelled as browsers send it
 */
export function createRedirects(options: RedirectOptions = {}): (target: unknown) => string | undefined {
  checkOptions('redirects', options, ['origins']);
  const origins = new Set(checkOrigins('redirects.origins', options.origins ?? []));

  return function redirectTo(target) {
    if (typeof target !== 'string' || target.length > maxLength) return undefined;
    // Printable ASCII; the backslash is a slash to browsers. The same as bytes that are encoded: something behind may decode them.
    if (!/^[!-[\]-~]+$/.test(target) || /%(?:[01][\da-f]|5c|7f)/i.test(target)) return undefined;
    if (target.startsWith('/')) return isOwnPath(target) && isOwnPath(decode(target)) ? target : undefined;
    if (!/^https?:\/\/[a-z\d.:[\]-]+(?:[/?#]|$)/i.test(target) || !URL.canParse(target)) return undefined;
    const url = new URL(target);
    return url.username === '' && url.password === '' && origins.has(url.origin) ? url.href : undefined;
  };
}

function isOwnPath(target: string): boolean {
  if (!target.startsWith('/') || !URL.canParse(target, nobody)) return false;
  const { origin, pathname } = new URL(target, nobody);
  return origin === nobody && !target.startsWith('//') && !pathname.startsWith('//');
}

/** The target as something behind might see it; nothing where it can't be decoded. */
function decode(target: string): string {
  try {
    return decodeURIComponent(target);
  } catch {
    return '';
  }
}
