/** Whether a text is a token (RFC 9110 §5.6.2) of at most 200 characters. */
export function isToken(text: unknown): text is string {
  return typeof text === 'string' && text.length <= 200 && /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(text);
}
