import type { Hide, Hiding } from '../hiding.js';
import { isCardNumber, isIban } from './checks.js';

/** The kinds of secrets that show by their own form. */
export type ValueForm = 'credentials' | 'jwt' | 'key' | 'card' | 'email' | 'iban' | 'phone';

/** Hides secrets by their form, in a text that {@link beginnings} found one of. */
export type MaskPatterns = (text: string) => string;

// Every pattern here is linear: a repetition is bounded, or begins where no other match of it can begin, or can't fail
// once it has begun; and the caller bounds the length.
const pem =
  /-----BEGIN (?!(?:TRUSTED )?CERTIFICATE|(?:RSA )?PUBLIC)[A-Z0-9 ]{1,40}-----[\s\S]*?(?:-----END [A-Z0-9 ]{1,40}-----|$)/g;
const jwt = /eyJ[\w-]*(?:\.[\w-]*)*/g;
const userinfo =
  /((?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|amqps?|mssql|sqlserver|oracle|nats|kafka|ldaps?|smtps?|s?ftp|ssh)(?::\w{1,16})?:\/\/)[^\s"'<>`]{0,512}(?=@)|(:\/\/)[^\s/"'<>`]{1,512}(?=@)/gi;
const scheme = /\b(bearer|basic|dpop|negotiate|apikey)((?:\s|%20|\+){1,4})([^\s"'`,;<>]{4,})/gi;
const cloud =
  /(?<![A-Za-z0-9])(?:A(?:KI|SI|GP|ID|RO|NP)A[A-Z0-9]{16}|gh[pousr]_\w{16,}|github_pat_\w{16,}|[srp]k_(?:live|test|prod)_\w{8,}|whsec_[\w+/=-]{16,}|xox[a-z]-[\w-]{8,}|xapp-[\w-]{16,}|AIza[\w-]{30,}|ya29\.[\w-]{16,}|npm_\w{30,}|glpat-[\w-]{16,}|SG\.[\w-]{16,64}\.[\w-]{16,}|sk-[\w-]{20,}|dop_v1_\w{32,}|hf_\w{30,}|shp(?:at|ca|pa|ss)_\w{24,})|(?<=hooks\.slack\.com\/(?:services|workflows|triggers)\/)[\w/-]{8,}/g;
const card = /(?<![\d.])[2-6]\d{3}(?:[ -]?\d){8,15}/g;
const email =
  /[^\s@"'<>()[\],;:/=&?%]{1,64}(?:@|%40)(?:[^\s@"'<>()[\],;:/.?&]{1,63}\.){1,8}\p{L}[\p{L}\d-]{1,62}/gu;
const iban =
  /(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[A-Za-z0-9]{11,30}|(?:[ -][A-Z0-9]{4}){2,7}(?:[ -][A-Z0-9]{1,3})?)(?![A-Za-z0-9])/g;
const phone = /(?<![\w+])\+[1-9](?:[ ./()-]{0,3}\d){6,14}(?!\d)/g;

// What follows the name of a scheme in prose and in challenges, not in credentials.
const prose =
  /^(?:tokens?|auth\w*|schemes?|headers?|errors?|realm|scope|credentials?|required|missing|invalid|expired|format|type|must|should|challenge|\w{0,3})(?:=.{0,200})?[.:)]?$/i;

/** What credentials and `--flags` begin with. */
export const schemes: RegExp = / --?[a-z]|^--?[a-z]|bearer|basic|dpop|negotiate|apikey/i;

/**
 * What the patterns begin with. Several tests, since each has few letters to look for: one of them all would take four
 * times as long as they do together.
 */
export const beginnings: readonly RegExp[] = [
  schemes,
  /_\w{8}|(?:sk|xox\w|xapp|glpat)-|A(?:KI|SI|GP|ID|RO|NP)A|AIza|ya29|SG\.|hooks\.slack/,
  /[2-6]\d{3}[ -]?\d{4}/,
  /eyJ|:\/\/|-BEGIN/,
];
/** The same for what is only hidden where that was asked for. */
export const askedBeginnings: RegExp = /@|%40|[a-z]{2}\d\d|\+\d/i;

/** Makes the hiding of secrets by their form; a form that isn't named in `hows` stays. */
export function createMaskPatterns(
  hide: Hide,
  hows: Readonly<Partial<Record<ValueForm, Hiding>>>,
): MaskPatterns {
  const hidden = (form: ValueForm, found: string): string => {
    const how = hows[form];
    return how ? (hide(how, found) ?? '') : found;
  };
  const credential = (found: string, name: string, space: string, value: string): string => {
    if (value.endsWith(':') || prose.test(value)) return found;
    if (/^basic$/i.test(name) && !/[A-Z0-9+/=]/.test(value)) return found;
    const end = /[)\].:}]*$/.exec(value)?.[0] ?? '';
    return `${name}${space}${hidden('credentials', value.slice(0, value.length - end.length))}${end}`;
  };
  // What follows after a space, such as an expiry date, is no part of the number.
  const number = (form: ValueForm, found: string, isIt: (bare: string) => boolean): string => {
    for (let end = found.length; end >= 12; end = found.slice(0, end).search(/[ -][^ -]*$/)) {
      const part = found.slice(0, end);
      if (isIt(part.replace(/[ -]/g, ''))) return hidden(form, part) + found.slice(end);
    }
    return found;
  };

  return function maskPatterns(text) {
    let out = text
      .replace(pem, (found) => hidden('key', found))
      .replace(scheme, credential)
      .replace(userinfo, (found, database = '', any = '') => {
        const lead = `${database}${any}`;
        return lead + hidden('credentials', found.slice(lead.length));
      })
      .replace(jwt, (found) => (found.length >= 20 && found.includes('.') ? hidden('jwt', found) : found))
      .replace(cloud, (found) => hidden('key', found))
      // A UUID can hold as many digits in groups as a card, and ids must stay readable.
      .replace(card, (found, at, whole) =>
        found.includes('-') && inUuid(whole, at) ? found : number('card', found, isCardNumber),
      );
    if (hows.email) out = out.replace(email, (found) => hidden('email', found));
    if (hows.iban) out = out.replace(iban, (found) => number('iban', found, isIban));
    if (hows.phone) out = out.replace(phone, (found) => hidden('phone', found));
    return out;
  };
}

const uuid = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi;

/** Whether a place in a text lies inside a UUID. */
function inUuid(text: string, at: number): boolean {
  const from = Math.max(0, at - 36);
  return [...text.slice(from, at + 36).matchAll(uuid)].some(
    ({ index }) => index <= at - from && at - from < index + 36,
  );
}
