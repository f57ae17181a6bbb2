// tags that mean the same wherever they stand
const inline: ReadonlySet<string> = new Set(
  'b i em strong u s del ins small code span sub sup mark kbd a'.split(' '),
);
// tags that end an open paragraph
const blocks: ReadonlySet<string> = new Set('p blockquote div pre ul ol li h1 h2 h3 h4 h5 h6'.split(' '));
const piece = /<(\/?)([a-z][a-z0-9]*)((?: [a-z]+="[^"]*")*)>|[^<>&\0\f\r\u00a0]+|&(?:amp|lt|gt|nbsp);/y;
const plainLink = /^ href="(?:[^"&<>\0-\x20\x7f-\xa0]|&amp;)*"$/;

/**
 * Whether a sanitizer's output is so plain that sanitizing it again can't change it: text, the four references that a serializer writes, links,
 * and bare tags of a few kinds, well nested and none where a parser would end another. It saves the second pass for nearly every text; a
 * `false` means only that the second pass has to tell.
 *
 * @param given what every link has after its address
 */
export function isPlainlyStable(html: string, tags: ReadonlySet<string>, given: string): boolean {
  const open: string[] = [];
  piece.lastIndex = 0;
  for (let at = 0; at < html.length; at = piece.lastIndex) {
    const match = piece.exec(html);
    if (match === null) return false;
    const [, slash, name, attributes = ''] = match;
    if (name === undefined) continue;
    if (attributes !== '' && !(name === 'a' && isPlainLink(attributes, given))) return false;
    if (slash === '/') {
      if (attributes !== '' || open.pop() !== name) return false;
    } else {
      if (!tags.has(name) || !mayStand(name, open)) return false;
      if (name === 'br') continue;
      // a parser takes the first line break of a `pre` for the author's convenience
      if (name === 'pre' && html.charAt(piece.lastIndex) === '\n') return false;
      open.push(name);
    }
  }
  return open.length === 0;
}

/** Whether a parser puts an element there, and ends nothing for it. */
function mayStand(name: string, open: readonly string[]): boolean {
  if (name === 'br') return true;
  if (name === 'a') return !open.includes('a');
  if (inline.has(name)) return true;
  if (!blocks.has(name) || open.includes('p')) return false;
  const parent = open.at(-1);
  if (name === 'li') return parent === 'ul' || parent === 'ol';
  return !(isHeading(name) && parent !== undefined && isHeading(parent));
}

function isHeading(name: string): boolean {
  return name.length === 2 && name.startsWith('h');
}

function isPlainLink(attributes: string, given: string): boolean {
  return attributes.endsWith(given) && plainLink.test(attributes.slice(0, attributes.length - given.length));
}
