/** Rows and columns of keyboards, along which fingers run. */
const rows = [
  '`1234567890-=',
  'qwertyuiop[]',
  "asdfghjkl;'",
  'zxcvbnm,./',
  'azertyuiop',
  'qsdfghjklm',
  'wxcvbn',
  'qwertzuiop',
  'yxcvbnm',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  'qazwsxedcrfvtgbyhnujmikolp',
  '!@#$%^&*()_+',
];
const runs = [...rows, ...rows.map((row) => [...row].reverse().join(''))];

/** So many values are looked at; a text that is good for longer is good. */
const looked = 512;
/** Shorter runs come by chance. */
const shortest = 4;

/**
 * How many bits somebody has to guess at least, by a cautious estimate: repetitions, sequences and walks over the keyboard
 * count as little more than one character, however long they are. Words are not known here.
 */
export function bitsOfText(text: string): number {
  const codes = Array.from(text.slice(0, looked), (char) => char.codePointAt(0) ?? 0);
  const lower = text.slice(0, looked).toLowerCase();
  return bitsOf(codes, Math.log2(alphabetOf(text)), (at) => walk(lower, at));
}

/** The same of bytes. */
export function bitsOfBytes(bytes: Uint8Array): number {
  const values = bytes.subarray(0, looked);
  const range = Math.max(...values, 0) - Math.min(...values, 255) + 1;
  return values.length === 0 ? 0 : bitsOf(values, Math.log2(Math.max(2, range)), () => 0);
}

function bitsOf(values: ArrayLike<number>, each: number, walkAt: (at: number) => number): number {
  let bits = 0;
  for (let at = 0; at < values.length; ) {
    const length = Math.max(repeated(values, at), steps(values, at), walkAt(at));
    const isRun = length >= shortest;
    bits += isRun ? each + 2 + Math.log2(length) : each;
    at += isRun ? length : 1;
  }
  return bits;
}

/** From how many characters it was chosen: the kinds that occur, and at most twice as many as do. */
function alphabetOf(text: string): number {
  const kinds = /^(?:[0-9a-f]*|[0-9A-F]*)$/.test(text)
    ? 16
    : (/[a-z]/.test(text) ? 26 : 0) +
      (/[A-Z]/.test(text) ? 26 : 0) +
      (/[0-9]/.test(text) ? 10 : 0) +
      (/[^A-Za-z0-9]/.test(text) ? 16 : 0);
  return Math.max(2, Math.min(kinds, new Set(text).size * 2));
}

/** How many values from here on stood in the same order before. */
function repeated(values: ArrayLike<number>, at: number): number {
  let longest = 0;
  for (let from = 0; from < at; from++) {
    let length = 0;
    while (at + length < values.length && values[from + length] === values[at + length]) length++;
    if (length > longest) longest = length;
  }
  return longest;
}

/** How many values from here on go up, down or nowhere in equal small steps. */
function steps(values: ArrayLike<number>, at: number): number {
  const step = (values[at + 1] ?? Number.NaN) - (values[at] ?? 0);
  if (!(Math.abs(step) <= 2)) return 1;
  let length = 2;
  while (at + length < values.length && (values[at + length] ?? 0) - (values[at + length - 1] ?? 0) === step)
    length++;
  return length;
}

function walk(text: string, at: number): number {
  const head = text.slice(at, at + shortest);
  if (head.length < shortest) return 0;
  let longest = 0;
  for (const run of runs) {
    const start = run.indexOf(head);
    if (start < 0) continue;
    let length = shortest;
    while (
      at + length < text.length &&
      start + length < run.length &&
      text[at + length] === run[start + length]
    )
      length++;
    if (length > longest) longest = length;
  }
  return longest;
}
