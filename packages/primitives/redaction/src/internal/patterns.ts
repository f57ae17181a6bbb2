import { isCardNumber } from './luhn.js';
import { sign } from './signs.js';

/**
 * Secrets that show by their own form. Every pattern here is linear: a repetition is bounded, or begins where no other
 * match of it can begin, or can't fail once it has begun; and the caller bounds the length.
 */
export type MaskPatterns = (text: string, signs: number) => string;

const pem =
  /-----BEGIN (?!(?:TRUSTED )?CERTIFICATE|(?:RSA )?PUBLIC)[A-Z0-9 ]{1,40}-----[\s\S]*?(?:-----END [A-Z0-9 ]{1,40}-----|$)/g;
const jwt = /eyJ[\w-]*(?:\.[\w-]*)*/g;
const database =
  /\b((?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|amqps?|mssql|sqlserver|oracle|nats|kafka|ldaps?|smtps?|s?ftp|ssh)(?::\w{1,16})?:\/\/)[^\s"'<>`]{0,512}@/gi;
const userinfo = /(:\/\/)[^\s/"'<>`]{1,512}@/g;
const scheme = /\b(bearer|basic|dpop|negotiate|apikey)((?:\s|%20|\+){1,4})([^\s"'`,;<>]{4,})/gi;
const cloud =
  /(?<![A-Za-z0-9])(?:A(?:KI|SI|GP|ID|RO|NP)A[A-Z0-9]{16}|gh[pousr]_\w{16,}|github_pat_\w{16,}|[srp]k_(?:live|test|prod)_\w{8,}|whsec_[\w+/=-]{16,}|xox[a-z]-[\w-]{8,}|xapp-[\w-]{16,}|AIza[\w-]{30,}|ya29\.[\w-]{16,}|npm_\w{30,}|glpat-[\w-]{16,}|SG\.[\w-]{16,64}\.[\w-]{16,}|sk-[\w-]{20,}|dop_v1_\w{32,}|hf_\w{30,}|shp(?:at|ca|pa|ss)_\w{24,})/g;
const slackHook = /(hooks\.slack\.com\/(?:services|workflows|triggers)\/)[\w/-]{8,}/g;
const card = /(?<![\d.])[2-6]\d{3}(?:[ -]?\d){8,15}/g;

// What follows the name of a scheme in prose and in challenges, not in credentials.
const prose =
  /^(?:tokens?|auth\w*|schemes?|headers?|errors?|realm|scope|credentials?|required|missing|invalid|expired|format|type|must|should|challenge|\w{0,3})(?:=.{0,200})?[.:)]?$/i;

const schemeTrigger = /bearer|basic|dpop|negotiate|apikey/i;
const cloudTrigger =
  /A(?:KI|SI|GP|ID|RO|NP)A|gh[pousr]_|github_pat|k_(?:live|test|prod)|whsec_|xox|xapp|AIza|ya29|npm_|glpat|SG\.|sk-|dop_v1|hf_|shp[acs]|hooks\.slack/;
const cardTrigger = /[2-6]\d{3}[ -]?\d{4}/;

/** Makes the masking of secrets by their form. */
export function createMaskPatterns(censor: string): MaskPatterns {
  // As functions, so that a censor with a `$` in it stays as it is.
  const whole = (): string => censor;
  const afterFirst = (_: string, lead: string): string => `${lead}${censor}`;
  const beforeAt = (_: string, lead: string): string => `${lead}${censor}@`;
  const token = (found: string): string => (found.length >= 20 && found.includes('.') ? censor : found);
  const credential = (found: string, name: string, space: string, value: string): string => {
    if (value.endsWith(':') || prose.test(value)) return found;
    if (name.toLowerCase() === 'basic' && !/[A-Z0-9+/=]/.test(value)) return found;
    return `${name}${space}${censor}${/[)\].:}]*$/.exec(value)?.[0] ?? ''}`;
  };
  const number = (found: string, offset: number, whole: string): string => {
    // A UUID can hold as many digits in groups, and ids must stay readable.
    if (found.includes('-') && inUuid(whole, offset)) return found;
    // Digits that follow after a space, such as an expiry date, are no part of the number.
    for (
      let end = found.length;
      end >= 12;
      end = Math.max(found.lastIndexOf(' ', end - 1), found.lastIndexOf('-', end - 1))
    ) {
      if (isCardNumber(found.slice(0, end).replace(/[ -]/g, ''))) return censor + found.slice(end);
    }
    return found;
  };

  return function maskPatterns(text: string, signs: number): string {
    let out = text;
    const marked = (signs & sign.mark) !== 0;
    if ((signs & sign.space) !== 0) {
      if (marked && out.includes('-----BEGIN')) out = out.replace(pem, whole);
      if (schemeTrigger.test(out)) out = out.replace(scheme, credential);
    }
    if ((signs & sign.at) !== 0 && out.includes('://')) {
      out = out.replace(database, beforeAt).replace(userinfo, beforeAt);
    }
    if (marked && text.length >= shortestToken) {
      if (out.includes('eyJ')) out = out.replace(jwt, token);
      if (cloudTrigger.test(out)) out = out.replace(cloud, whole).replace(slackHook, afterFirst);
    }
    if ((signs & sign.digits) !== 0 && cardTrigger.test(out)) out = out.replace(card, number);
    return out;
  };
}

const shortestToken = 13;
const uuid = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi;

/** Whether a place in a text lies inside a UUID. */
function inUuid(text: string, at: number): boolean {
  const from = Math.max(0, at - 36);
  for (const match of text.slice(from, at + 36).matchAll(uuid)) {
    const start = from + match.index;
    if (start <= at && at < start + 36) return true;
  }
  return false;
}
