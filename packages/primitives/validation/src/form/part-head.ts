import { parseMediaType } from '../media-type.js';

/** What a part says of itself. */
export interface PartHead {
  readonly name: string;
  /** There when the part is a file; as it was sent. */
  readonly fileName: string | undefined;
  /** `type/subtype` in lower case. */
  readonly type: string | undefined;
}

const decoder: TextDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
// browsers write quotes and line breaks as %22, %0D and %0A; a backslash means itself to some readers and not to others
const disposition = /^form-data; ?name="([^"\\]{1,128})"(?:; ?filename="([^"]{0,1024})")?$/i;
const unprintable = /\p{Cc}/u;

/**
 * The head of a part of a form: `Content-Disposition` with a name and nothing but a `filename` beside it, then what else says no more than it
 * may. `filename*`, which forms must not have (RFC 7578 §4.2), a header that stands twice, a coding and every other header are refused.
 */
export function readPartHead(bytes: Uint8Array): PartHead | undefined {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return undefined;
  }
  const headers = new Map<string, string>();
  for (const line of text.split('\r\n')) {
    const match = /^([A-Za-z-]{1,32}): {0,4}([^ ].{0,1500})$/.exec(line);
    const name = match?.[1]?.toLowerCase();
    if (name === undefined || headers.has(name) || unprintable.test(line)) return undefined;
    headers.set(name, match?.[2] ?? '');
  }
  const [, name, fileName] = disposition.exec(headers.get('content-disposition') ?? '') ?? [];
  if (name === undefined) return undefined;
  const given = headers.get('content-type');
  const media = parseMediaType(given);
  if (given !== undefined && (!media || !isUtf8(media.parameters.get('charset')))) return undefined;
  for (const [header, value] of headers) if (!isHarmless(header, value)) return undefined;
  return { name, fileName, type: media?.essence };
}

function isUtf8(charset: string | undefined): boolean {
  return charset === undefined || charset.toLowerCase() === 'utf-8';
}

function isHarmless(header: string, value: string): boolean {
  if (header === 'content-disposition' || header === 'content-type') return true;
  if (header === 'content-transfer-encoding') return /^(?:7bit|8bit|binary)$/i.test(value);
  return header === 'content-length' && /^[0-9]{1,15}$/.test(value); // some clients say it; it is the boundary that counts
}
