const maxLength = 254;
const maxLocal = 64;

/**
 * An e-mail address in the one form in which it is stored and looked up, or `undefined` when it isn't a usable one:
 * lower case and NFC, 254 bytes at most (RFC 5321), nothing trimmed, no quoted local part, no comment, no address literal.
 *
 * Characters that only look like others after folding (a full-width `ａ`, the Kelvin sign `K`, a ligature) are refused, as is
 * a domain that isn't ASCII (write it in its `xn--` form): two addresses never become one.
 */
export function canonicalEmail(text: string): string | undefined {
  if (typeof text !== 'string' || text.length < 3 || text.length > maxLength) return undefined;
  if ([...text].some(foldsToAscii)) return undefined;
  const composed = text.normalize('NFC');
  if (composed !== text.normalize('NFKC')) return undefined;
  const email = composed.toLowerCase();
  const at = email.lastIndexOf('@');
  if (at < 1 || byteLength(email) > maxLength || byteLength(email.slice(0, at)) > maxLocal) return undefined;
  return isLocalPart(email.slice(0, at)) && isDomain(email.slice(at + 1)) ? email : undefined;
}

/** NFC alone already makes a K of the Kelvin sign. */
function foldsToAscii(char: string): boolean {
  return char > '\x7f' && char.normalize('NFKC').toLowerCase() <= '\x7f';
}

/** Atoms of RFC 5322 and RFC 6531 with single dots between them. */
function isLocalPart(local: string): boolean {
  return local.split('.').every((atom) => /^[a-z0-9!#$%&'*+/=?^_`{|}~\p{L}\p{M}\p{N}-]+$/u.test(atom));
}

function isDomain(domain: string): boolean {
  if (domain.length > 253) return false;
  return domain
    .split('.')
    .every((label) => label.length <= 63 && /^[a-z0-9-]+$/.test(label) && !/^-|-$/.test(label));
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
