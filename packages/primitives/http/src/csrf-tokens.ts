import {
  checkOptions,
  constantTimeEqual,
  fromBase64Url,
  randomBytes,
  toBase64Url,
  utf8,
} from '@secapi/kernel';
import { importKeys, type NamedKey, type Ring } from './internal/keys.js';

/** Options of {@link createCsrfTokens}. */
export interface CsrfTokensOptions {
  /** The first makes new tokens; the others still know old ones. 32 random bytes or more each, and names of their own. */
  readonly keys: readonly NamedKey[];
}

/** Tokens that prove that a request comes from a page of ours, for browsers that say nothing of it themselves. */
export interface CsrfTokens {
  /** A token for a session, another text each time. It goes into a page of ours, and back in `X-CSRF-Token`. */
  issue(session: string): Promise<string>;
  /** Whether a text is a token of this session. */
  verify(token: string | undefined, session: string | undefined): Promise<boolean>;
}

const macBytes = 32;
const longestSession = 1_024;

/**
 * Makes tokens bound to a session: HMAC-SHA256 over its id with a key for this purpose alone, masked with random bytes
 * so that no compression tells it letter by letter (BREACH). Nothing is stored, and a token lives as long as its
 * session: make a new session when somebody signs in, and tokens of before are none any more.
 *
 * The id must be one that nobody else knows or can choose, such as a random one in a `__Host-` cookie.
 *
 * @throws ConfigError when there is no key, one is shorter than 32 bytes, or ids are not unique
 */
export function createCsrfTokens(options: CsrfTokensOptions): CsrfTokens {
  checkOptions('csrfTokens', options, ['keys']);
  const ring = importKeys('csrfTokens.keys', options.keys);
  const keys = new Map(ring.map((one) => [one.id, hmacKey(one)]));
  const newest = ring[0]?.id ?? ''; // there is a first key, or importKeys had thrown

  async function macOf(id: string, session: string): Promise<Uint8Array> {
    const key = (await keys.get(id)) as CryptoKey; // only asked for ids of the ring
    return new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8(session)));
  }

  return {
    async issue(session) {
      if (!isSession(session)) throw new TypeError('a CSRF token needs a session id of 1 to 1024 characters');
      const mask = randomBytes(macBytes);
      const masked = xor(await macOf(newest, session), mask);
      const bytes = new Uint8Array(2 * macBytes);
      bytes.set(mask);
      bytes.set(masked, macBytes);
      return `${newest}.${toBase64Url(bytes)}`;
    },
    async verify(token, session) {
      if (token === undefined || token.length > 110 || !isSession(session)) return false;
      const dot = token.indexOf('.');
      const id = token.slice(0, Math.max(dot, 0));
      const bytes = keys.has(id) ? fromBase64Url(token.slice(dot + 1)) : undefined;
      if (bytes?.length !== 2 * macBytes) return false;
      const given = xor(bytes.subarray(macBytes), bytes.subarray(0, macBytes));
      return constantTimeEqual(given, await macOf(id, session));
    },
  };
}

function isSession(session: unknown): session is string {
  return typeof session === 'string' && session.length > 0 && session.length <= longestSession;
}

async function hmacKey({ base }: Ring): Promise<CryptoKey> {
  const algorithm = {
    name: 'HKDF',
    hash: 'SHA-256',
    salt: new Uint8Array(macBytes),
    info: utf8('secapi csrf token 1'),
  };
  const bits = await crypto.subtle.deriveBits(algorithm, await base, macBytes * 8);
  return crypto.subtle.importKey('raw', bits, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
}

function xor(one: Uint8Array, other: Uint8Array): Uint8Array {
  return one.map((byte, i) => byte ^ (other[i] ?? 0));
}
