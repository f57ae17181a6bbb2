import { ConfigError, checkNumber, checkOptions } from '@secapi/kernel';
import { formatWrong, notOffered, textSchema, wrong } from '../internal/text-schema.js';
import type { TextField } from './text.js';

/** Which URLs a field takes. */
export interface UrlOptions {
  /** Also `http:`, which anybody on the way can read and change. @default false */
  readonly http?: boolean;
  /** In code units, before and after it is written canonically. @default 2,048 */
  readonly max?: number;
  /** The hosts that it may name, exactly, with a port where it isn't the scheme's. @default all */
  readonly hosts?: readonly string[];
}

// as it must be written: two slashes and no more, since browsers read `https:\evil.example` and `https:///evil.example` too
const start = /^(https?):\/\/[^/\\?#]/i;
const unprintable = /[\\<>"`{}|^]|\p{Cc}|\p{Z}|\p{Cf}|\p{Surrogate}/u;

export function url(options: UrlOptions = {}): TextField {
  checkOptions('url', options, ['http', 'max', 'hosts']);
  const max = checkNumber('url.max', options.max ?? 2_048, { min: 10, max: 65_536 });
  const hosts = options.hosts && new Set(options.hosts.map(toHost));
  const tooLong = wrong('max_length', max);
  return textSchema((text) => {
    if (text.length > max) return tooLong;
    const scheme = start.exec(text)?.[1]?.toLowerCase();
    if (scheme === undefined || unprintable.test(text)) return formatWrong;
    const parsed = parse(text);
    // an @ before the path is one of user information, even of an empty one
    if (!parsed || /^[^/?#]*@/.test(text.slice(scheme.length + 3))) return formatWrong;
    if (scheme === 'http' && options.http !== true) return notOffered;
    if (hosts && !hosts.has(parsed.host)) return notOffered;
    return parsed.href.length > max ? tooLong : parsed.href;
  });
}

function parse(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function toHost(host: string): string {
  const parsed = parse(`https://${host}`);
  if (parsed?.href !== `https://${parsed?.host}/` || parsed.username !== '') {
    throw new ConfigError(
      'url.hosts',
      'has what is not a host',
      "write it as 'example.org' or 'example.org:8443'",
    );
  }
  return parsed.host;
}
