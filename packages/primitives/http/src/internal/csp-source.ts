import { ConfigError } from '@secapi/kernel';

const keywords: ReadonlySet<string> = new Set([
  'none',
  'self',
  'unsafe-inline',
  'unsafe-eval',
  'unsafe-hashes',
  'wasm-unsafe-eval',
  'strict-dynamic',
  'report-sample',
  'inline-speculation-rules',
]);
const hash = /^sha(?:256|384|512)-[A-Za-z0-9+/_-]{43,86}={0,2}$/;
const scheme = /^[a-z][a-z0-9+.-]{0,30}:$/;
const host =
  /^(?:[a-z][a-z0-9+-]{0,30}:\/\/)?(?:\*|(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*)(?::(?:\d{1,5}|\*))?(?:\/[!#-+.-:=@-Z_a-z~-]*)?$/i;
/** What lets anybody's script run. */
const unsafeInScripts: ReadonlySet<string> = new Set([
  "'unsafe-inline'",
  "'unsafe-eval'",
  '*',
  'http:',
  'https:',
  'data:',
  'blob:',
]);

/**
 * The sources of one directive (CSP3 §2.3.1).
 *
 * @param forScripts whether sources that let anybody's script in are refused
 * @throws ConfigError on a source that no browser understands, or an unsafe one
 */
export function checkSources(
  option: string,
  list: readonly unknown[],
  forScripts: boolean,
): readonly string[] {
  if (list.length === 0) throw new ConfigError(option, 'is empty', `write ["'none'"] to allow nothing`);
  return list.map((source, i) => {
    const where = `${option}[${i}]`;
    if (typeof source !== 'string' || source.length > 500) {
      throw new ConfigError(where, 'is not a source', `write a text like "'self'" or 'https://cdn.example'`);
    }
    if (source === "'none'" && list.length > 1) {
      throw new ConfigError(
        where,
        "is 'none' beside other sources, which browsers ignore",
        'remove one or the other',
      );
    }
    if (forScripts && unsafeInScripts.has(source.toLowerCase())) {
      throw new ConfigError(
        where,
        `is ${source}, which lets injected scripts run`,
        "name the script's host or hash (\"'sha256-…'\"), or set dangerouslyAllowUnsafeScripts",
      );
    }
    checkSource(where, source);
    return source;
  });
}

function checkSource(option: string, source: string): void {
  if (source.startsWith("'") && source.endsWith("'") && source.length > 2) {
    const word = source.slice(1, -1);
    if (keywords.has(word) || hash.test(word)) return;
    if (word.startsWith('nonce-')) {
      throw new ConfigError(
        option,
        'is a nonce that never changes, so that anybody can use it',
        'use a hash',
      );
    }
    throw new ConfigError(option, 'is not a keyword of CSP3', `use one of '${[...keywords].join("', '")}'`);
  }
  if (keywords.has(source)) {
    throw new ConfigError(option, `would be read as a host named ${source}`, `write "'${source}'"`);
  }
  if (!scheme.test(source) && !host.test(source)) {
    throw new ConfigError(
      option,
      'is not a source',
      `write a keyword, 'https:' or a host like 'https://cdn.example'`,
    );
  }
}
