import { fromBase64Url, toBase64Url } from '@secapi/kernel';

/** Bytes in base64 without padding, as PHC strings have it. */
export function toBase64(bytes: Uint8Array): string {
  return toBase64Url(bytes).replaceAll('-', '+').replaceAll('_', '/');
}

/** The bytes of base64 without padding, or `undefined` when it is not in its only canonical form. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (/[-_]/.test(text)) return undefined;
  return fromBase64Url(text.replaceAll('+', '-').replaceAll('/', '_'));
}

/** The same with padding, all of it, as Python writes it. */
export function fromPaddedBase64(text: string): Uint8Array | undefined {
  const bare = text.replace(/={1,2}$/, '');
  const padding = (4 - (bare.length % 4)) % 4;
  return text.length === bare.length + padding ? fromBase64(bare) : undefined;
}

/** Passlib's "adapted" base64: `.` for `+`, and no padding. */
export function fromAdaptedBase64(text: string): Uint8Array | undefined {
  return text.includes('+') ? undefined : fromBase64(text.replaceAll('.', '+'));
}

/** The bytes of lower-case hexadecimal, or `undefined`. */
export function fromHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) return undefined;
  return Uint8Array.from({ length: text.length / 2 }, (_, at) =>
    Number.parseInt(text.slice(at * 2, at * 2 + 2), 16),
  );
}
