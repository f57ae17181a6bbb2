import { type Clock, constantTimeEqual, fromBase64Url, randomToken, toBase64Url, utf8 } from '@secapi/kernel';
import type { Keys } from './keys.js';

/** A cookie that says: somebody signed in to this account from here before (OWASP's device cookie). */
export interface DeviceCookies {
  issue(accountId: string): Promise<{ readonly value: string; readonly maxAge: number }>;
  /** The account and the nonce of a cookie that we made and that isn't over yet. */
  read(
    cookie: string | undefined,
  ): Promise<{ readonly accountId: string; readonly nonce: string } | undefined>;
}

const shape = /^([A-Za-z0-9_-]{1,400})\.([A-Za-z0-9_-]{22})\.(\d{1,12})\.([A-Za-z0-9_-]{43})$/;

/** The value is `accountId.nonce.expiry.signature`, the id in base64url, the expiry in seconds. */
export function createDeviceCookies(keys: Keys, lifetimeMs: number, now: Clock): DeviceCookies {
  async function issue(accountId: string) {
    const expiry = Math.floor((now() + lifetimeMs) / 1_000);
    const payload = `${toBase64Url(utf8(accountId))}.${randomToken(16)}.${expiry}`;
    return { value: `${payload}.${await keys.sign(payload)}`, maxAge: Math.floor(lifetimeMs / 1_000) };
  }

  async function read(cookie: string | undefined) {
    const match = typeof cookie === 'string' && cookie.length <= 512 ? shape.exec(cookie) : null;
    if (!match) return undefined;
    const [, id = '', nonce = '', expiry = '', signature = ''] = match;
    if (!constantTimeEqual(signature, await keys.sign(`${id}.${nonce}.${expiry}`))) return undefined;
    const accountId = fromBase64Url(id);
    if (!accountId || Number(expiry) * 1_000 <= now()) return undefined;
    return { accountId: new TextDecoder().decode(accountId), nonce };
  }

  return { issue, read };
}
