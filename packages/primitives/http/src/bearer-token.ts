/** What the `Authorization` headers of a request say. */
export type BearerToken =
  | { readonly kind: 'none' }
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'invalid' };

const none: BearerToken = Object.freeze({ kind: 'none' });
const invalid: BearerToken = Object.freeze({ kind: 'invalid' });
const maxLength = 8_192;

/**
 * The bearer token of a request (RFC 6750 §2.1): the scheme's case doesn't matter.
 *
 * Two headers, another scheme, a malformed or longer value than 8,192 characters are `invalid`, never `none`: who sent
 * credentials must not be taken for somebody who sent nothing.
 *
 * @param values every value of the `Authorization` header
 */
export function bearerToken(values: readonly string[]): BearerToken {
  if (values.length === 0) return none;
  const value = values[0];
  if (values.length > 1 || value === undefined || value.length > maxLength) return invalid;
  const scheme = value.slice(0, 7);
  if (scheme !== 'Bearer ' && scheme.toLowerCase() !== 'bearer ') return invalid;
  let start = 7;
  while (value.charCodeAt(start) === 0x20) start++;
  const token = value.slice(start);
  return /^[A-Za-z0-9._~+/-]+=*$/.test(token) ? { kind: 'token', token } : invalid;
}
