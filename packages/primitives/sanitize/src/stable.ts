// tags that mean the same wherever they stand
const plain: ReadonlySet<string> = new Set('b i em strong u s small code span sub sup mark p'.split(' '));
const piece = /<(\/?)([a-z]+)>|[^<>&\0\f\r\u00a0]+|&(?:amp|lt|gt|nbsp);/y;

/**
 * Whether a sanitizer's output is so plain that sanitizing it again can't change it: text, the four references that a serializer writes, and
 * bare tags of a few kinds, well nested, without a paragraph in a paragraph. It saves the second pass for nearly every text; a `false` means
 * only that the second pass has to tell.
 */
export function isPlainlyStable(html: string, tags: ReadonlySet<string>): boolean {
  const open: string[] = [];
  piece.lastIndex = 0;
  for (let at = 0; at < html.length; at = piece.lastIndex) {
    const match = piece.exec(html);
    if (match === null) return false;
    const name = match[2];
    if (name === undefined) continue;
    if (match[1] === '/') {
      if (open.pop() !== name) return false;
    } else {
      if (!plain.has(name) || !tags.has(name) || (name === 'p' && open.includes('p'))) return false;
      open.push(name);
    }
  }
  return open.length === 0;
}
