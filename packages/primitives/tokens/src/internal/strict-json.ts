// A byte order mark stays in the text, where JSON.parse refuses it.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const maxDepth = 8;

/**
 * The JSON object in these bytes, or `undefined` when they are anything else: not UTF-8, not JSON, a list, a text, deeper than 8,
 * or with a name twice in one object, which two parsers may read in two ways (RFC 7515 §4, RFC 7519 §4).
 */
export function parseObject(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  let text: string;
  let value: unknown;
  try {
    text = decoder.decode(bytes);
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return isPlain(text) ? (value as Record<string, unknown>) : undefined; // it is an object with text keys: JSON has no other
}

// The text is known to be JSON, so only its structure is looked at, once from left to right.
function isPlain(json: string): boolean {
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < json.length; at++) {
    switch (json[at]) {
      case '{':
      case '[':
        if (open.push(json[at] === '{' ? new Set() : undefined) > maxDepth) return false;
        break;
      case '}':
      case ']':
        open.pop();
        break;
      case '"': {
        const end = closingQuote(json, at);
        const names = open.at(-1);
        if (names && followsColon(json, end)) {
          const name: unknown = JSON.parse(json.slice(at, end + 1)); // escapes undone: "\u0061" is "a"
          if (typeof name !== 'string' || names.has(name)) return false;
          names.add(name);
        }
        at = end;
        break;
      }
    }
  }
  return true;
}

function closingQuote(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at;
}

function followsColon(json: string, end: number): boolean {
  let at = end + 1;
  while (json[at] === ' ' || json[at] === '\n' || json[at] === '\r' || json[at] === '\t') at++;
  return json[at] === ':';
}
