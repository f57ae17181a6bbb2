/**
 * Whether elements may stand deeper in each other than `max`, told from the text in one pass and before it is parsed: a parser's work grows with
 * length times depth.
 *
 * This is no parser. It counts start tags and believes an end tag only where no parser can disagree: it is written plainly, it closes the
 * element that was opened last, and nothing unclear (a comment, a stray quote, an unfinished tag) came before. So the count can be too high for
 * untidy HTML, never too low.
 */
export function nestsDeeperThan(html: string, max: number): boolean {
  const open: string[] = [];
  let believed = true;
  let at = html.indexOf('<');
  while (at !== -1) {
    plainTag.lastIndex = at;
    const match = plainTag.exec(html);
    const name = match?.[2]?.toLowerCase();
    if (match === null || name === undefined) {
      const next = html.charAt(at + 1);
      if (/[a-z]/i.test(next)) open.push('');
      if (/[a-z/!?]/i.test(next)) believed = false;
      at++;
    } else {
      if (match[1] === '') opened(open, name);
      else if (believed) closed(open, name);
      at = plainTag.lastIndex;
    }
    if (open.length > max) return true;
    at = html.indexOf('<', at);
  }
  return false;
}

// one way only to match each character: linear
const plainTag =
  /<(\/?)([a-z][a-z0-9-]*)(?:[ \t\n\f\r]+[^\0-\x20"'<>/=`]+(?:=(?:"[^"<>]*"|'[^'<>]*'|[^\0-\x20"'<>=`]+))?)*[ \t\n\f\r]*\/?>/iy;

// Only names at which a parser leaves SVG and MathML, where otherwise nothing is empty and nothing ends by itself.
const empty: ReadonlySet<string> = new Set(['br', 'hr', 'img', 'embed', 'meta']);
const endedByNext: Readonly<Record<string, string>> = { p: 'p', li: 'li', dt: 'd', dd: 'd' };
const containers: ReadonlySet<string> = new Set(['ul', 'ol', 'dl', 'div', 'blockquote']);

function opened(open: string[], name: string): void {
  if (empty.has(name)) return;
  const group = groupOf(name);
  if (group !== undefined && group === groupOf(open.at(-1))) open.pop();
  open.push(name);
}

function closed(open: string[], name: string): void {
  const last = open.at(-1);
  if (last === name) open.pop();
  else if (containers.has(name) && groupOf(last) !== undefined && open.at(-2) === name) open.length -= 2;
}

function groupOf(name: string | undefined): string | undefined {
  return name !== undefined && Object.hasOwn(endedByNext, name) ? endedByNext[name] : undefined;
}
