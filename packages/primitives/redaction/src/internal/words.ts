/** A key as lower-case words: `X-Api-Key`, `apiKey`, `API_KEY` and `api key` are all `['api', 'key']`. */
export function wordsOf(key: string): string[] {
  // Compatibility forms (full-width letters and the like) are folded, and marks that don't show are dropped.
  const folded = /^[\x20-\x7e]*$/.test(key)
    ? key
    : key.normalize('NFKC').replace(/[\u00ad\u200b-\u200f\u2060\ufeff]/g, '');
  return folded
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** Fragments that make a key secret wherever they stand in it, with its separators taken out. */
const fragments = [
  ...[
    'password',
    'passwd',
    'passphrase',
    'passcode',
    'secret',
    'token',
    'authorization',
    'cookie',
    'credential',
  ],
  ...[
    'apikey',
    'privatekey',
    'secretkey',
    'accesskey',
    'signingkey',
    'encryptionkey',
    'masterkey',
    'hmackey',
  ],
  ...['creditcard', 'cardnumber', 'cardno', 'debitcard', 'securitycode', 'pepper', 'sessionid', 'sessionkey'],
  ...['clientassertion', 'codeverifier', 'recoverycode', 'backupcode', 'onetimecode', 'connectionstring'],
  ...['socialsecurity', 'signingkeys', 'sharedkey', 'storagekey', 'authkey'],
];

/** Words that make a key secret only as a whole word: too short to look for inside others. */
const words: ReadonlySet<string> = new Set([
  ...[
    'pwd',
    'pass',
    'pw',
    'pin',
    'otp',
    'totp',
    'cvv',
    'cvv2',
    'cvc',
    'cvn',
    'ssn',
    'jwt',
    'jws',
    'jwe',
    'sid',
  ],
  ...['session', 'sessions', 'csrf', 'xsrf', 'bearer', 'passwort', 'mnemonic', 'apikeys', 'pan'],
]);

/** Last words of keys that speak about a secret without holding one: `tokenType`, `passwordChangedAt`. */
const about: ReadonlySet<string> = new Set([
  ...[
    'type',
    'kind',
    'name',
    'count',
    'counts',
    'length',
    'size',
    'limit',
    'limits',
    'at',
    'on',
    'date',
    'time',
  ],
  ...[
    'expires',
    'expired',
    'expiry',
    'expiration',
    'ttl',
    'age',
    'lifetime',
    'duration',
    'timeout',
    'in',
    'until',
  ],
  ...['changed', 'updated', 'created', 'used', 'usage', 'revoked', 'verified', 'valid', 'invalid', 'missing'],
  ...[
    'required',
    'enabled',
    'disabled',
    'optional',
    'supported',
    'policy',
    'policies',
    'rule',
    'rules',
    'strength',
  ],
  ...[
    'status',
    'state',
    'version',
    'algorithm',
    'alg',
    'method',
    'methods',
    'scheme',
    'mode',
    'format',
    'issuer',
  ],
  ...[
    'audience',
    'endpoint',
    'field',
    'header',
    'path',
    'domain',
    'store',
    'error',
    'errors',
    'reason',
    'attempts',
  ],
  ...['failures', 'index', 'provider', 'prefix', 'column', 'table', 'schema', 'label', 'id', 'ids', 'uri'],
  // Files and hosts, as they stand in stack traces before a line or a port.
  ...['js', 'ts', 'mjs', 'cjs', 'mts', 'cts', 'jsx', 'tsx', 'json', 'sql', 'com', 'org', 'net', 'io'],
]);

/** First words that make a question or a bound of what follows: `hasPassword`, `maxTokens`. */
const asking: ReadonlySet<string> = new Set([
  ...[
    'has',
    'is',
    'was',
    'needs',
    'requires',
    'require',
    'should',
    'max',
    'min',
    'num',
    'number',
    'total',
    'count',
  ],
]);

/** Fragments' false friends. */
const innocent =
  /passwordless|secretar(?:y|ies|iat)|tokeni[sz](?:e|er|ers|ed|ing|ation)|cookieless|cookieparser/g;

/** Keys whose last word is one of {@link about} and that are secret all the same. */
const always = /(?:session|cookie|secret)s?ids?$|^sid$/;

/** What a key says of its value: 0 nothing, 1 a secret, 2 a secret unless it is a number (`tokens: 1500`). */
export type KeyKind = 0 | 1 | 2;

/** Classifies a key by its words; `extra` are further secret keys as words. */
export function classify(key: string, extra: readonly (readonly string[])[]): KeyKind {
  const parts = wordsOf(key.length > 256 ? key.slice(-256) : key);
  const last = parts.at(-1);
  if (last === undefined) return 0;
  const joined = parts.join('');
  const spaced = ` ${parts.join(' ')} `;
  for (const each of extra) {
    if (joined === each.join('') || spaced.includes(` ${each.join(' ')} `)) return 1;
  }
  const name = joined.replace(innocent, '');
  const fragment = fragments.find((each) => name.includes(each));
  if (fragment === undefined && !parts.some((part) => words.has(part))) return 0;
  if (always.test(name)) return 1;
  if (asking.has(parts[0] ?? '') && parts.length > 1) return 0;
  if (parts.length > 1 && about.has(last)) return 0;
  if (fragment !== undefined && parts.length === 1 && runTogether(name, fragment)) return 0;
  return plural.test(last) || countable.has(joined) ? 2 : 1;
}

const plural = /(?:token|secret|password|cookie|credential|session|key)s$/;
const countable: ReadonlySet<string> = new Set(['pass', 'session', 'pan']);

/** `tokentype`, `passwordchangedat`: what a database makes of such a name. */
function runTogether(name: string, fragment: string): boolean {
  const rest = name.slice(name.lastIndexOf(fragment) + fragment.length);
  if (rest === '') return false;
  for (let i = 0; i < rest.length - 1; i++) if (about.has(rest.slice(i))) return true;
  return false;
}
