import { commonLongPasswords, commonWords } from './common-passwords.data.js';
import { commonShortPasswords } from './short-passwords.data.js';

const rows = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890123456789',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
  'azertyuiopqsdfghjklmwxcvbn',
  '1q2w3e4r5t6y7u8i9o0p',
  'q1w2e3r4t5y6u7i8o9p0',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  'qazwsxedcrfvtgbyhnujmikolp',
  '!@#$%^&*()_+',
  '!"§$%&/()=?',
];
const sequences = rows.flatMap((row) => [row, [...row].reverse().join('')]);
const shortestRun = 3;

/** Longer than this, nobody's list holds such forms any more: length itself is what makes them hard to guess. */
const longestForm = 40;

const leet: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

interface Lists {
  readonly whole: ReadonlySet<string>;
  readonly words: ReadonlySet<string>;
  readonly topWords: ReadonlySet<string>;
  readonly longestWord: number;
}

let lists: Lists | undefined;

/** Read on first use, so that nobody pays for a list that isn't asked. */
function load(): Lists {
  const words = commonWords.split(/\s/);
  lists = {
    whole: new Set(`${commonLongPasswords} ${commonShortPasswords}`.split(/\s/)),
    words: new Set(words),
    topWords: new Set(words.slice(0, 200)),
    longestWord: Math.max(...words.map((word) => word.length)),
  };
  return lists;
}

/**
 * Whether a password is on the list of common ones, or is made like one: a shorter text repeated, runs along the
 * alphabet or the keyboard, or one common word (also in "leet" spelling) with such runs, digits and a sign or two. Beyond 40
 * characters only the list itself counts.
 *
 * @param minLength a repetition of something shorter than this is common
 */
export function isCommonPassword(password: string, minLength: number): boolean {
  const known = lists ?? load();
  const plain = password.normalize('NFKC').toLowerCase();
  if (known.whole.has(plain) || known.whole.has(unleet(plain))) return true;
  if (plain.length > longestForm) return false;
  const compact = plain.replace(/[\s\-_.,:;/|+]/g, '');
  if (isRepetition([...plain], minLength) || isRepetition([...compact], minLength)) return true;
  if (isPairOfTopWords(plain, known)) return true;
  return isGuessable(takeApart(compact, known));
}

function unleet(text: string): string {
  return text.replace(/[013457@$!]/g, (char) => leet[char] ?? char);
}

/** Whether a text is one unit over and over, its last copy perhaps cut short, and the unit too short by itself. */
function isRepetition(chars: readonly string[], minLength: number): boolean {
  const longest = Math.min(minLength - 1, Math.floor(chars.length / 2));
  for (let unit = 1; unit <= longest; unit++) {
    if (chars.every((char, index) => char === chars[index % unit])) return true;
  }
  return false;
}

function isPairOfTopWords(text: string, { topWords }: Lists): boolean {
  const letters = text.replace(/[\d!?.]{0,4}$/, '');
  for (let cut = 4; cut <= letters.length - 4 && cut <= 16; cut++) {
    if (topWords.has(letters.slice(0, cut)) && topWords.has(letters.slice(cut))) return true;
  }
  return false;
}

interface Parts {
  readonly words: ReadonlySet<string>;
  /** Characters and digits that belong to no word and no run. */
  readonly signs: number;
  readonly digits: number;
}

/** Eight digits are a date, or a telephone number at most. */
function isGuessable({ words, signs, digits }: Parts): boolean {
  return words.size <= 1 && signs <= 2 && digits <= 8;
}

/** Greedy, longest part first: linear in the length of the password, times the length of the longest word. */
function takeApart(text: string, { words, longestWord }: Lists): Parts {
  const spelt = unleet(text); // of the same length: one character stands for one
  const found = new Set<string>();
  let signs = 0;
  let digits = 0;
  let at = 0;
  while (at < text.length) {
    const run = runLength(text, at);
    const asTyped = wordLength(text, at, words, longestWord);
    const asSpelt = wordLength(spelt, at, words, longestWord);
    const word = Math.max(asTyped, asSpelt);
    if (word > 0 && word >= run) {
      found.add((asTyped === word ? text : spelt).slice(at, at + word));
      at += word;
    } else if (run >= shortestRun) {
      at += run;
    } else {
      if (/\d/.test(text.charAt(at))) digits++;
      else signs++;
      at++;
    }
  }
  return { words: found, signs, digits };
}

function wordLength(text: string, at: number, words: ReadonlySet<string>, longest: number): number {
  for (let length = Math.min(longest, text.length - at); length >= 4; length--) {
    if (words.has(text.slice(at, at + length))) return length;
  }
  return 0;
}

/** How far a text runs along one of the rows, or repeats one character, from here. */
function runLength(text: string, at: number): number {
  const first = text.charAt(at);
  let best = 1;
  while (text.charAt(at + best) === first) best++;
  for (const row of sequences) {
    let place = row.indexOf(first);
    while (place >= 0) {
      let length = 1;
      while (place + length < row.length && text.charAt(at + length) === row.charAt(place + length)) length++;
      best = Math.max(best, length);
      place = row.indexOf(first, place + 1);
    }
  }
  return best;
}
