// Words of examples and of first attempts; a secret that is made of them alone is known to everybody.
const known =
  /your(?:256|384|512)?bit|your|change(?:me|this|it)?|replace(?:me|this)?|secrets?|passwords?|passw0rd|passphrase|hardcoded|keyboardcat|default|example|sample|placeholder|insecure|unsafe|development|production|staging|testing|tests?|debug|local|demo|dummy|foobar|foo|bar|qwerty|asdf|letmein|welcome|admin|root|user|token|jwt|api|key|signing|session|cookie|pepper|super|very|long|strong|random|string|really|please|should|must|minimum|least|characters?|chars|bytes|app|prod|dev|todo|here|with|this|that|and|the|for|not|use|in|at|a|is|my|be|to|of|so/g;

const fewestDistinct = 8;
const fewestOwn = 12;

/** Why a text is no secret, though long enough; `undefined` when nothing speaks against it. */
export function weaknessOfText(text: string): string | undefined {
  const distinct = new Set(text).size;
  if (distinct < fewestDistinct) return 'repeats a few characters';
  const codes = Array.from(text, (char) => char.codePointAt(0) ?? 0);
  if (isRegular(codes)) return 'follows a pattern';
  // What is left without the words, the digits and the marks is what nobody could guess.
  const own = text
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .replace(known, '')
    .replace(/\d+$/, '');
  if (own.length < fewestOwn || new Set(own).size < 5) return 'is a well-known example';
  return undefined;
}

/** Why bytes are no key. */
export function weaknessOfBytes(bytes: Uint8Array): string | undefined {
  if (new Set(bytes).size < Math.min(fewestDistinct, bytes.length)) return 'repeats a few bytes';
  if (isRegular(bytes)) return 'follows a pattern';
  const isText = bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
  return isText ? weaknessOfText(String.fromCharCode(...bytes.subarray(0, 1_024))) : undefined;
}

/** Whether values repeat with a short period, or go up or down in equal steps. */
function isRegular(values: ArrayLike<number>): boolean {
  for (let period = 1; period <= Math.min(16, values.length / 2); period++) {
    let repeats = true;
    let steps = true;
    for (let i = period; i < values.length; i++) {
      const difference = (values[i] ?? 0) - (values[i - period] ?? 0);
      if (difference !== 0) repeats = false;
      if (period === 1 && difference !== (values[1] ?? 0) - (values[0] ?? 0)) steps = false;
    }
    if (repeats || (period === 1 && steps)) return true;
  }
  return mostlySteps(values);
}

/** `abcdefghijklmnopqrstuvwxyz0123456789`: nearly every value is its neighbour's neighbour. */
function mostlySteps(values: ArrayLike<number>): boolean {
  let steps = 0;
  for (let i = 1; i < values.length; i++) {
    if (Math.abs((values[i] ?? 0) - (values[i - 1] ?? 0)) <= 1) steps++;
  }
  return steps > values.length * 0.75;
}
