/**
 * What a title becomes by its documentation, told without the code that does it: composed, trimmed, without what can't be seen;
 * `undefined` where it is refused. Written by code points and not by patterns, so that it isn't wrong in the same way.
 */
export function titleOf(given: string, max = 200): string | undefined {
  if (given.length > max * 4) return undefined;
  let kept = '';
  for (const character of given) {
    const code = character.codePointAt(0) ?? 0;
    if (isRefused(code)) return undefined;
    if (!unseen.has(code)) kept += character;
  }
  const title = kept.normalize('NFC').trim();
  if (title.length > max * 4 || !Array.from(title).some(isVisible)) return undefined;
  const seen = [...new Intl.Segmenter('und').segment(title)].length;
  return seen <= max ? title : undefined;
}

const unseen: ReadonlySet<number> = new Set([
  0xad, 0x61c, 0x180e, 0x200b, 0x200e, 0x200f, 0x2060, 0x2061, 0x2062, 0x2063, 0x2064, 0xfeff,
]);
const refused: readonly (readonly [from: number, to: number])[] = [
  [0, 0x1f],
  [0x7f, 0x9f],
  [0x2028, 0x202e],
  [0x2066, 0x2069],
  [0xd800, 0xdfff],
  [0xfdd0, 0xfdef],
  [0xfff9, 0xfffb],
  [0xfffe, 0xffff],
  [0xe0001, 0xe0001],
];
const blank: ReadonlySet<number> = new Set([0x115f, 0x1160, 0x2800, 0x3164, 0xffa0]);

function isRefused(code: number): boolean {
  return refused.some(([from, to]) => code >= from && code <= to);
}

function isVisible(character: string): boolean {
  return !blank.has(character.codePointAt(0) ?? 0) && !/^[\s\p{M}\p{Cf}]$/u.test(character);
}
