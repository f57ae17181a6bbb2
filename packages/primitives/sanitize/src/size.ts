/** Whether a text has more bytes in UTF-8. */
export function isLonger(text: string, bytes: number): boolean {
  if (text.length > bytes) return true;
  return text.length * 3 > bytes && Buffer.byteLength(text) > bytes; // a code unit is 3 bytes at most
}
