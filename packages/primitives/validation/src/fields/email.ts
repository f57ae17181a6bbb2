const plainAscii = /^[!-~]*$/;
// what a mailbox has in practice: no quotes, no comments, no white space, nothing that could start another header
const localPart = /^[\p{L}\p{M}\p{N}!#$%&'*+\-/=?^_`{|}~.]{1,64}$/u;
const label = /^[\p{L}\p{M}\p{N}-]{1,63}$/u;

/**
 * Whether a text of at most 254 characters can be somebody's e-mail address. Lenient about the mailbox, whose truth only a mail can tell;
 * strict about what another reader could take for something else: one `@`, a domain of two labels or more, and no compatibility characters
 * (the Kelvin sign is a `k` in lower case, so an address with it would be taken for another's).
 */
export function isEmail(text: string): boolean {
  if (text.length > 254) return false;
  if (!plainAscii.test(text) && text.normalize('NFKC') !== text) return false;
  const at = text.indexOf('@');
  if (at === -1 || at !== text.lastIndexOf('@')) return false;
  const local = text.slice(0, at);
  if (!localPart.test(local) || local.startsWith('.') || local.endsWith('.') || local.includes('..'))
    return false;
  const labels = text.slice(at + 1).split('.');
  return labels.length >= 2 && labels.every(isLabel);
}

function isLabel(text: string): boolean {
  return label.test(text) && !text.startsWith('-') && !text.endsWith('-');
}
