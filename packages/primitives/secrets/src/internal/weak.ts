import { bitsOfBytes, bitsOfText } from './entropy.js';
import { isExample } from './examples.js';

// Words of examples and of first attempts; a secret that is made of them alone is known to everybody.
const known =
  /your(?:256|384|512)?bit|your|change(?:me|this|it)?|replace(?:me|this)?|secrets?|passwords?|passw0rd|passphrase|hardcoded|keyboardcat|default|example|sample|placeholder|insecure|unsafe|development|production|staging|testing|tests?|debug|local|demo|dummy|foobar|foo|bar|qwerty|asdf|letmein|welcome|admin|root|user|token|jwt|api|key|signing|session|cookie|pepper|super|very|long|strong|random|string|really|please|should|must|minimum|least|characters?|chars|bytes|app|prod|dev|todo|here|with|this|that|and|the|for|not|use|in|at|a|is|my|be|to|of|so/g;

const fewestDistinct = 8;
const fewestOwn = 12;
const famous = 'is a well-known example';

/**
 * Why a text is no secret, though long enough; `undefined` when nothing speaks against it.
 *
 * @param bits how many bits it must leave to guess, by the estimate
 */
export function weaknessOfText(text: string, bits: number): string | undefined {
  if (new Set(text).size < fewestDistinct) return 'repeats a few characters';
  if (isExample(text)) return famous;
  if (madeOfWords(text)) return famous;
  return tooFew(bitsOfText(text), bits);
}

/** Whether what is left without the words, the digits and the marks is less than nobody could guess. */
function madeOfWords(text: string): boolean {
  if (/[a-f]/i.test(text) && /^[0-9a-f]*$/i.test(text)) return false; // of the six letters come words by chance
  const own = text
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .replace(known, '')
    .replace(/\d+$/, '');
  return own.length < fewestOwn || new Set(own).size < 5;
}

/** Why bytes are no key. */
export function weaknessOfBytes(bytes: Uint8Array, bits: number): string | undefined {
  if (new Set(bytes).size < Math.min(fewestDistinct, bytes.length)) return 'repeats a few bytes';
  const few = tooFew(bitsOfBytes(bytes), bits);
  if (few) return few;
  const isText = bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
  return isText ? weaknessOfText(String.fromCharCode(...bytes.subarray(0, 1_024)), bits) : undefined;
}

function tooFew(estimate: number, bits: number): string | undefined {
  return estimate < bits
    ? `follows a pattern that leaves about ${Math.floor(estimate)} of ${bits} bits to guess`
    : undefined;
}
