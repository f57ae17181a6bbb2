const shortestWord = 3;
const enoughOfItsOwn = 4;

/**
 * Whether a password is little more than the given words: without them and their parts, fewer than 4 letters are left,
 * two digits counting as one (ASVS v5.0.0-6.2.11). A passphrase in which a name happens to stand is fine.
 *
 * @param context words, names and addresses; of an address the local part and the name of its domain count
 */
export function leansOnWords(password: string, context: readonly string[]): boolean {
  const text = fold(password);
  let left = text;
  for (const word of wordsOf(context)) left = left.replaceAll(word, ' ');
  if (left === text) return false;
  const own = [...left.replaceAll(' ', '')];
  const digits = own.filter((char) => /\p{N}/u.test(char)).length;
  return own.length - digits / 2 < enoughOfItsOwn;
}

/** Longest first, so that a name doesn't leave its own tail behind. */
function wordsOf(context: readonly string[]): string[] {
  const words = new Set<string>();
  for (const text of context.slice(0, 100)) {
    const [local = '', domain = ''] = text.slice(0, 320).split('@');
    for (const source of domain ? [local, domain.slice(0, Math.max(0, domain.lastIndexOf('.')))] : [local]) {
      for (const piece of [source, ...source.split(/[^\p{L}\p{M}\p{N}]+/u)]) {
        const word = fold(piece);
        if ([...word].length >= shortestWord) words.add(word);
      }
    }
  }
  return [...words].sort((a, b) => b.length - a.length);
}

/** Letters and digits only, in one case: `A.n.n` doesn't hide a name. */
function fold(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]/gu, '');
}
