/**
 * How a secret is hidden.
 *
 * - `'mask'`: the censor stands in its place.
 * - `'remove'`: nothing does: a member or an item is left out, a part of a text is cut.
 * - `'last4'`: the censor and its last four letters or digits, where it has twelve or more.
 * - `'pseudonym'`: what {@link RedactorOptions.pseudonym} makes of it, the same for the same secret, so that lines can be joined.
 */
export type Hiding = 'mask' | 'remove' | 'last4' | 'pseudonym';

/** What stands for a secret, `undefined` for nothing. */
export type Hide = (how: Hiding, secret: unknown) => string | undefined;

/** Makes the hiding of secrets; what is neither a text nor a number has no last four and no pseudonym. */
export function createHide(censor: string, pseudonym: (secret: string) => string): Hide {
  return function hide(how, secret) {
    if (how === 'remove') return undefined;
    if (how === 'mask' || !/^(?:string|number|bigint)$/.test(typeof secret)) return censor;
    const text = String(secret);
    if (how === 'pseudonym') return pseudonym(text);
    const shown = text.replace(/[^\p{L}\p{N}]/gu, '');
    return shown.length < 12 ? censor : censor + shown.slice(-4);
  };
}
