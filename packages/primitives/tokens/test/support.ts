import { createHmac, createPrivateKey, sign } from 'node:crypto';
import type { Clock } from '@secapi/kernel';
import {
  type Algorithm,
  createKeyRing,
  createTokenVerifier,
  generateKey,
  type JWK,
  type KeyRing,
  type TokenVerifier,
  type TokenVerifierOptions,
} from '../src/index.js';

export const start = 1_764_000_000_000;
export const api = 'https://api.example';

/** A clock that stands still until it is moved. */
export function fakeClock(time: number = start): Clock & { advance(milliseconds: number): void } {
  let current = time;
  return Object.assign(() => current, {
    advance(milliseconds: number) {
      current += milliseconds;
    },
  });
}

export const text = (value: string | Uint8Array): string => Buffer.from(value).toString('base64url');
const json = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Claims that a verifier of {@link world} accepts at {@link start}. */
export function goodClaims(changes: Record<string, unknown> = {}): Record<string, unknown> {
  const iat = start / 1_000;
  return {
    iss: api,
    aud: api,
    sub: 'user-1',
    sid: 'session-1',
    jti: 'token-1',
    iat,
    exp: iat + 900,
    ...changes,
  };
}

export interface World {
  readonly jwk: JWK;
  readonly keys: KeyRing;
  readonly now: ReturnType<typeof fakeClock>;
  verifier(options?: Partial<TokenVerifierOptions>): TokenVerifier;
  /** A token signed by the ring's key, whatever its header and payload are; texts are taken as they are. */
  forge(payload: unknown, header?: Record<string, unknown> | string): string;
}

const nodeKey = (jwk: JWK) => createPrivateKey({ key: jwk as never, format: 'jwk' }); // Node's type of a JWK is its own

/** Signs by hand, without the library under test. */
export function signBy(jwk: JWK, input: string): string {
  if (jwk.alg === 'EdDSA') return text(sign(null, Buffer.from(input), nodeKey(jwk)));
  if (jwk.kty === 'oct') {
    const hash = `sha${jwk.alg?.slice(2)}`;
    return text(
      createHmac(hash, Buffer.from(jwk.k ?? '', 'base64url'))
        .update(input)
        .digest(),
    );
  }
  if (jwk.alg === 'ES256') {
    return text(sign('sha256', Buffer.from(input), { key: nodeKey(jwk), dsaEncoding: 'ieee-p1363' }));
  }
  return text(sign('sha256', Buffer.from(input), nodeKey(jwk)));
}

export async function world(alg: Algorithm = 'EdDSA'): Promise<World> {
  const jwk = await generateKey(alg);
  const now = fakeClock();
  const keys = await createKeyRing({ keys: [jwk], now });
  return {
    jwk,
    keys,
    now,
    verifier: (options = {}) =>
      createTokenVerifier({
        keys,
        algorithms: [alg],
        issuer: api,
        audience: api,
        type: 'at+jwt',
        maxLifetime: '15m',
        clockTolerance: 0,
        now,
        ...options,
      }),
    forge(payload, header = {}) {
      const full = typeof header === 'string' ? header : { alg, kid: jwk.kid, typ: 'at+jwt', ...header };
      const input = `${text(json(full))}.${text(json(payload))}`;
      return `${input}.${signBy(jwk, input)}`;
    },
  };
}
