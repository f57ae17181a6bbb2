// A byte order mark stays in the text, where JSON.parse refuses it.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const maxDepth = 8;

/**
 * The JSON object in these bytes, or `undefined` when they are anything else: not UTF-8, not JSON, a list, a text, deeper than 8,
 * or with a name twice in one object, which two parsers may read in two ways (RFC 7515 §4, RFC 7519 §4).
 */
export function parseObject(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  // What can't be an object is told by its ends, without the cost of an error.
  if (!isEdge(bytes[0], 0x7b) || !isEdge(bytes.at(-1), 0x7d)) return undefined;
  let text: string;
  let value: unknown;
  try {
    text = decoder.decode(bytes);
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  // Of a name that is there twice the parser keeps one, so the text then has more quoted names than the value.
  if (countQuotes(text) !== 2 * countTexts(value, 1)) return undefined;
  return value as Record<string, unknown>; // it is an object with text keys: JSON has no other
}

/** Whether a byte is this brace, or white space (RFC 8259 §2). */
function isEdge(byte: number | undefined, brace: number): boolean {
  return byte === brace || byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** How many names and texts a parsed value has; `NaN`, which equals nothing, when it is too deep. */
function countTexts(value: unknown, depth: number): number {
  if (typeof value === 'string') return 1;
  if (typeof value !== 'object' || value === null) return 0;
  if (depth > maxDepth) return Number.NaN;
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) count += countTexts(item, depth + 1);
    return count;
  }
  for (const item of Object.values(value)) count += 1 + countTexts(item, depth + 1);
  return count;
}

/** How many quotes begin or end a text in valid JSON. */
function countQuotes(json: string): number {
  let count = 0;
  if (!json.includes('\\')) {
    for (let at = json.indexOf('"'); at !== -1; at = json.indexOf('"', at + 1)) count++;
    return count;
  }
  for (let at = 0; at < json.length; at++) {
    if (json[at] === '"') count++;
    else if (json[at] === '\\') at++;
  }
  return count;
}
