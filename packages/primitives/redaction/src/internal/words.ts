/** A key as lower-case words: `X-Api-Key`, `apiKey`, `API_KEY` and `api key` are all `['api', 'key']`. */
export function wordsOf(key: string): string[] {
  // Compatibility forms (full-width letters and the like) are folded, and marks that don't show are dropped.
  const folded = isAscii.test(key)
    ? key
    : key.normalize('NFKC').replace(/\p{Default_Ignorable_Code_Point}/gu, '');
  return (
    folded
      .replace(/([a-z])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, '$1$3 $2')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

const isAscii = /^[\x20-\x7e]*$/;

/** Fragments that make a key secret wherever they stand in it, with its separators taken out. */
const fragments =
  /pass(?:wor[dt]|wd|phrase|code)|secret|token|authorization|cookie|credential|(?:api|private|access|signing|encryption|master|hmac|session|shared|storage|auth)key|(?:credit|debit)card|cardn(?:umber|o)|(?:security|recovery|backup|onetime)code|pepper|sessionid|clientassertion|codeverifier|connectionstring|socialsecurity/;

/** Words that make a key secret only as a whole word: too short to look for inside others. */
const words =
  / (?:pwd?|pass|pin|t?otp|cv[vcn]|cvv2|ssn|jw[tse]|sid|sessions?|[cx]srf|bearer|mnemonic|apikeys|pan) /;

/** What a key must have in it to be secret, whatever else: most don't, and need no more looking at. */
const suspect =
  /pass|pwd?|secret|token|cookie|auth|key|cred|card|pin|otp|cv[vcn]|ssn|sid|sess|jw[tse]|pepper|csrf|xsrf|bearer|assert|verifier|code|mnemonic|pan|social|connection|[^\x20-\x7e]/i;

/** Last words of keys that speak about a secret without holding one: `tokenType`, `passwordChangedAt`; files and hosts in stack traces. */
const about =
  '(?:type|kind|name|counts?|length|size|limits?|at|on|date|time|expire[sd]|expiry|expiration|ttl|age|lifetime|duration|timeout|in|until|changed|updated|created|used|usage|revoked|verified|(?:in)?valid|missing|required|(?:en|dis)abled|optional|supported|polic(?:y|ies)|rules?|strength|stat(?:us|e)|version|alg(?:orithm)?|methods?|scheme|mode|format|issuer|audience|endpoint|field|header|path|domain|store|errors?|reason|attempts|failures|index|provider|prefix|column|table|schema|label|ids?|uri|[cm]?[jt]sx?|json|sql|com|org|net|io)$';
const aboutWord = new RegExp(`^${about}`);
const aboutEnd = new RegExp(about);

/** First words that make a question or a bound of what follows: `hasPassword`, `maxTokens`. */
const asking = /^(?:has|is|was|needs|requires?|should|max|min|num|number|total|count)$/;

/** Fragments' false friends. */
const innocent =
  /(?:password|cookie)less|secretar(?:y|ies|iat)|tokeni[sz](?:e[rd]?|ers|ing|ation)|cookieparser/g;

/** Keys whose last word is an `about` and that are secret all the same. */
const always = /(?:session|cookie|secret)s?ids?$|^sid$/;

/** Keys that count rather than name, when their value is a number. */
const countable = /(?:token|secret|password|cookie|credential|session|key)s$|^(?:pass|session|pan)$/;

/** What a key says of its value: 0 nothing, 1 a secret, 2 a secret unless it is a number (`tokens: 1500`). */
export type KeyKind = 0 | 1 | 2;

/** Classifies a key by its words. */
export function classify(key: string): KeyKind {
  if (!suspect.test(key) && !suspect.test(key.replace(/[\W_]+/g, ''))) return 0;
  const parts = wordsOf(key.slice(-256));
  const last = parts.at(-1) ?? '';
  const name = parts.join('').replace(innocent, '');
  const around = name.split(fragments);
  if (around.length < 2 && !words.test(` ${parts.join(' ')} `)) return 0;
  if (always.test(name)) return 1;
  if (parts.length > 1) {
    if (asking.test(parts[0] ?? '') || aboutWord.test(last)) return 0;
  } else if (around.length > 1 && aboutEnd.test(around.at(-1) ?? '')) {
    return 0; // `tokentype`, `passwordchangedat`: what a database makes of such a name
  }
  return countable.test(name) ? 2 : 1;
}
