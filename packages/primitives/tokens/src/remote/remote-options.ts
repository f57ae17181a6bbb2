import {
  type Clock,
  ConfigError,
  checkNumber,
  checkOptions,
  type Duration,
  isSafeUrl,
  type Size,
  systemClock,
  toBytes,
  toMilliseconds,
} from '@secapi/kernel';
import { type Algorithm, checkAlgorithm } from '../algorithms.js';

/** As much of `fetch` as is used. */
export type FetchLike = (url: string, init: RequestInit) => Promise<Response>;

/** The options of {@link createRemoteKeyRing}. */
export interface RemoteKeyRingOptions {
  /** Where the JWK set is: `https:`, or `http:` on this very machine. */
  readonly url: string | URL;
  /** The algorithms whose keys are taken: public ones only. A key that names none is taken for the only one of these that it fits. */
  readonly algorithms: readonly Algorithm[];
  /** @default the runtime's `fetch` */
  readonly fetch?: FetchLike | undefined;
  /** How long a request may take, its body included. @default '5s' */
  readonly timeout?: Duration | undefined;
  /** How long keys are used without asking again: so long a key that was withdrawn lives on. @default '10m' */
  readonly maxAge?: Duration | undefined;
  /** The shortest time between two requests, however many tokens name a key that nobody has. @default '30s' */
  readonly cooldown?: Duration | undefined;
  /** How long keys outlive `maxAge` while they can't be had anew. @default '1h' */
  readonly staleIfError?: Duration | undefined;
  /** @default '64kb' */
  readonly maxBytes?: Size | undefined;
  /** @default the machine's clock */
  readonly now?: Clock | undefined;
}

/** Options that were checked; times in milliseconds. */
export interface RemoteRules {
  readonly url: string;
  readonly algorithms: readonly Algorithm[];
  readonly fetch: FetchLike;
  readonly timeout: number;
  readonly maxAge: number;
  readonly cooldown: number;
  readonly staleIfError: number;
  readonly maxBytes: number;
  readonly now: Clock;
}

const names = [
  ...['url', 'algorithms', 'fetch', 'timeout', 'maxAge'],
  ...['cooldown', 'staleIfError', 'maxBytes', 'now'],
];

/**
 * Checks the options of a remote key ring.
 *
 * @throws ConfigError for the first that is missing, unknown or unsafe
 */
export function checkRemoteOptions(options: RemoteKeyRingOptions): RemoteRules {
  checkOptions('remoteKeyRing', options, names);
  // By another name than its own, so that the runtime's is found when it is called, and called as a plain function.
  const { fetch: request = (url, init) => fetch(url, init), now = systemClock } = options;
  if (typeof request !== 'function') {
    throw new ConfigError('remoteKeyRing.fetch', 'is not a function', 'leave it out');
  }
  const time = (name: string, value: Duration, min: number, max: number): number =>
    toMilliseconds(`remoteKeyRing.${name}`, value, { min, max });
  return {
    url: checkUrl(options.url),
    algorithms: checkPublic(options.algorithms),
    fetch: request,
    timeout: time('timeout', options.timeout ?? '5s', 0.01, 60),
    maxAge: time('maxAge', options.maxAge ?? '10m', 1, 86_400),
    cooldown: time('cooldown', options.cooldown ?? '30s', 1, 3_600),
    staleIfError: time('staleIfError', options.staleIfError ?? '1h', 0, 7 * 86_400),
    maxBytes: checkNumber(
      'remoteKeyRing.maxBytes',
      toBytes('remoteKeyRing.maxBytes', options.maxBytes ?? '64kb'),
      { min: 100, max: 1_000_000 },
    ),
    now,
  };
}

function checkUrl(value: unknown): string {
  const url = typeof value === 'string' || value instanceof URL ? parse(String(value)) : undefined;
  if (url && isSafeUrl(url) && url.username === '' && url.password === '' && url.hash === '') return url.href;
  throw new ConfigError(
    'remoteKeyRing.url',
    'is not an https: URL',
    "write url: 'https://issuer.example/.well-known/jwks.json', without user, password or fragment; http: is for this machine alone",
  );
}

function parse(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

function checkPublic(list: unknown): readonly Algorithm[] {
  if (!Array.isArray(list) || list.length === 0) {
    throw new ConfigError('remoteKeyRing.algorithms', 'is missing', "write algorithms: ['RS256']");
  }
  const checked = list.map((item, index) => checkAlgorithm(`remoteKeyRing.algorithms[${index}]`, item));
  if (checked.some(({ shape }) => shape.kty === 'oct')) {
    throw new ConfigError(
      'remoteKeyRing.algorithms',
      'has one of HMAC',
      'a secret is never fetched: use algorithms with public keys',
    );
  }
  return [...new Set(checked.map(({ algorithm }) => algorithm))];
}
