import {
  type Clock,
  ConfigError,
  checkOptions,
  type Duration,
  fromBase64Url,
  randomBytes,
  systemClock,
  toBase64Url,
  toMilliseconds,
  utf8,
} from '@secapi/kernel';
import { importKeys, type NamedKey, type Ring } from './internal/keys.js';
import { isToken } from './internal/token.js';

/** A key for cookies' values. */
export type CookieKey = NamedKey;

/** Options of {@link createSealedCookies}. */
export interface SealedCookiesOptions {
  /** The first protects new cookies; the others still open old ones, until these have expired. */
  readonly keys: readonly CookieKey[];
  /** `'sealed'`: nobody can read or change a value (AES-256-GCM). `'signed'`: anybody can read it, nobody can change it (HMAC-SHA256). @default 'sealed' */
  readonly mode?: 'sealed' | 'signed';
  /** @default systemClock */
  readonly now?: Clock;
}

/** What a cookie held, or that it can't be believed. */
export type OpenedCookie =
  | {
      readonly ok: true;
      readonly value: string;
      /** Whether another key than the first protects it: write it anew. */
      readonly stale: boolean;
    }
  | { readonly ok: false; readonly reason: 'COOKIE_FORGED' | 'COOKIE_EXPIRED' };

/** Protects cookies' values. */
export interface SealedCookies {
  /**
   * The text to set as the cookie's value.
   *
   * @throws ConfigError when the lifetime is none, or value and name together are too long for a cookie
   */
  seal(name: string, value: string, lifetime: Duration): Promise<string>;
  /** What such a text holds. It must come from the cookie of that name. */
  open(name: string, text: string | undefined): Promise<OpenedCookie>;
}

const saltBytes = 16;
const tagBytes = 32;
const mostText = 4_000; // a cookie has 4,096 bytes with its name
const forged: OpenedCookie = Object.freeze({ ok: false, reason: 'COOKIE_FORGED' });
const expired: OpenedCookie = Object.freeze({ ok: false, reason: 'COOKIE_EXPIRED' });

/**
 * Makes cookies whose values nobody but this server can make (ASVS v5.0.0-11.3.2, 11.3.3). Name and expiry are part of what is protected, so that one
 * cookie's value is none for another, and an old one is none at all. Each value has a key of its own, derived (HKDF, RFC 5869) from the given one and a random salt, so a key
 * may protect any number of them.
 *
 * A cookie can still be copied whole by whoever sees it, and sent again until it expires: what must be ended earlier belongs into a store.
 *
 * @throws ConfigError when there is no key, one is shorter than 32 bytes, or ids are not unique
 */
export function createSealedCookies(options: SealedCookiesOptions): SealedCookies {
  const where = 'sealedCookies';
  checkOptions(where, options, ['keys', 'mode', 'now']);
  const { mode = 'sealed', now = systemClock } = options;
  if (mode !== 'sealed' && mode !== 'signed') {
    throw new ConfigError(`${where}.mode`, 'is not known', "use 'sealed' or 'signed'");
  }
  const ring = importKeys(`${where}.keys`, options.keys);
  const [first] = ring;
  const protect = mode === 'sealed' ? encrypt : sign;
  const unprotect = mode === 'sealed' ? decrypt : verify;

  return {
    async seal(name, value, lifetime) {
      if (!isToken(name))
        throw new ConfigError(`${where}.name`, 'is not the name of a cookie', 'use a token');
      const until = Math.floor(
        now() + toMilliseconds(`${where}.lifetime`, lifetime, { min: 1, max: 400 * 86_400 }),
      );
      const head = `${first?.id}.${until.toString(36)}`;
      const text = `${head}.${toBase64Url(await protect(first, context(mode, name, head), utf8(value)))}`;
      if (text.length + name.length > mostText) {
        throw new ConfigError(`${where}.value`, 'is too long for a cookie', 'keep it in a store');
      }
      return text;
    },
    async open(name, text) {
      const [id, until, body, ...rest] = text !== undefined && text.length <= mostText ? text.split('.') : [];
      const key = ring.find((one) => one.id === id);
      const bytes = body === undefined ? undefined : fromBase64Url(body);
      if (!key || !bytes || rest.length > 0 || !until || !/^[\da-z]{1,11}$/.test(until)) return forged;
      const value = await unprotect(key, context(mode, name, `${id}.${until}`), bytes);
      if (value === undefined) return forged;
      if (Number.parseInt(until, 36) <= now()) return expired;
      return { ok: true, value: new TextDecoder().decode(value), stale: key !== first };
    },
  };
}

/** What a value is bound to. */
function context(mode: string, name: string, head: string): Uint8Array<ArrayBuffer> {
  return utf8(`secapi cookie 1\0${mode}\0${name}\0${head}`);
}

async function derive(key: Ring | undefined, salt: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
  const algorithm = { name: 'HKDF', hash: 'SHA-256', salt, info: utf8('secapi cookie 1') };
  return crypto.subtle.deriveBits(algorithm, (await key?.base) as CryptoKey, (32 + 12) * 8); // there is a first key, or construction had thrown
}

async function cipher(
  key: Ring | undefined,
  salt: Uint8Array<ArrayBuffer>,
  usage: 'encrypt' | 'decrypt',
): Promise<{ key: CryptoKey; iv: ArrayBuffer }> {
  const bits = await derive(key, salt);
  const made = await crypto.subtle.importKey('raw', bits.slice(0, 32), 'AES-GCM', false, [usage]);
  return { key: made, iv: bits.slice(32) };
}

async function encrypt(
  key: Ring | undefined,
  bound: Uint8Array<ArrayBuffer>,
  value: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array> {
  const salt = randomBytes(saltBytes);
  const { key: made, iv } = await cipher(key, salt, 'encrypt');
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: bound }, made, value);
  return joined(salt, new Uint8Array(sealed));
}

async function decrypt(
  key: Ring,
  bound: Uint8Array<ArrayBuffer>,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array | undefined> {
  const { key: made, iv } = await cipher(key, bytes.slice(0, saltBytes), 'decrypt');
  const algorithm = { name: 'AES-GCM', iv, additionalData: bound };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, made, bytes.slice(saltBytes)));
  } catch {
    return undefined;
  }
}

async function hmacKey(key: Ring | undefined, usage: 'sign' | 'verify'): Promise<CryptoKey> {
  const bits = await derive(key, new Uint8Array(saltBytes));
  return crypto.subtle.importKey('raw', bits, { name: 'HMAC', hash: 'SHA-256' }, false, [usage]);
}

async function sign(
  key: Ring | undefined,
  bound: Uint8Array<ArrayBuffer>,
  value: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array> {
  const tag = await crypto.subtle.sign('HMAC', await hmacKey(key, 'sign'), joined(bound, utf8('\0'), value));
  return joined(new Uint8Array(tag), value);
}

async function verify(
  key: Ring,
  bound: Uint8Array<ArrayBuffer>,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array | undefined> {
  const value = bytes.slice(tagBytes);
  const signed = joined(bound, utf8('\0'), value);
  const made = await hmacKey(key, 'verify');
  return (await crypto.subtle.verify('HMAC', made, bytes.slice(0, tagBytes), signed)) ? value : undefined;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
