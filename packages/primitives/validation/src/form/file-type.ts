/** The media types that are told by their content. */
export type FileType =
  | 'image/png'
  | 'image/jpeg'
  | 'image/gif'
  | 'image/webp'
  | 'application/pdf'
  | 'application/zip';

/** How many bytes {@link typeOf} looks at. */
const looked = 16;

/** What each type's files are called at their end. */
export const extensions: Readonly<Record<FileType, readonly string[]>> = {
  'image/png': ['png'],
  'image/jpeg': ['jpg', 'jpeg', 'jpe', 'jfif'],
  'image/gif': ['gif'],
  'image/webp': ['webp'],
  'application/pdf': ['pdf'],
  'application/zip': ['zip'],
};

/**
 * What a file is by its first bytes, or `undefined` for every other. That a file begins like a picture doesn't make it one: whoever shows it
 * should decode it and write it anew.
 */
export function typeOf(bytes: Uint8Array): FileType | undefined {
  const head = String.fromCharCode(...bytes.subarray(0, looked));
  if (head.startsWith('\x89PNG\r\n\x1a\n\0\0\0\rIHDR')) return 'image/png';
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (head.startsWith('GIF87a') || head.startsWith('GIF89a')) return 'image/gif';
  if (head.startsWith('RIFF') && head.startsWith('WEBPVP8', 8)) return 'image/webp';
  if (/^%PDF-[12]\.[0-9]/.test(head)) return 'application/pdf';
  if (head.startsWith('PK\x03\x04')) return 'application/zip';
  return undefined;
}
