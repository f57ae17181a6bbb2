/**
 * A text without the spaces and tabs around it (RFC 9110 §5.6.3), and nothing else.
 *
 * `String.trim` also takes the no-break space, with which a script can write a cookie that only looks like `__Host-…`.
 */
export function trimOws(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isOws(text.charCodeAt(start))) start++;
  while (end > start && isOws(text.charCodeAt(end - 1))) end--;
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

function isOws(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
