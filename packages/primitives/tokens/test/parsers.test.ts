import { ConfigError, fromBase64Url } from '@secapi/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeyRing, createRemoteKeyRing, generateKey, type JWK, memoryKeyStore } from '../src/index.js';
import { headerPart, isType } from '../src/internal/compact.js';
import { parseObject } from '../src/internal/strict-json.js';
import { isWeakPoint } from '../src/internal/weak-points.js';
import { publicOf } from './jwks-server.js';
import { ringOver } from './managed-support.js';
import { fakeClock } from './support.js';

const member = fc.constantFrom(
  'kty',
  'crv',
  'x',
  'y',
  'n',
  'e',
  'k',
  'd',
  'kid',
  'alg',
  'use',
  'key_ops',
  'exp',
  'key',
);
const value = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom('OKP', 'EC', 'RSA', 'oct', 'EdDSA', 'ES256', 'HS256', 'Ed25519', 'P-256', 'AQAB', 'sig'),
  fc.uint8Array({ maxLength: 70 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
);
const almostJwk = fc.dictionary(member, value);
const [jwk] = [(await generateKey()) as JWK];

describe('parsers, fed with anything', () => {
  it('take for a compact JWS what is three canonical parts, and nothing else', () => {
    const part = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
      fc.string({ unit: fc.constantFrom(...'ABab01-_=+/ .\n\u0100'), maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 5 }), (parts) => {
        const text = parts.join('.');
        const split = text.split('.');
        const isCompact =
          split.length === 3 && split.every((one) => one !== '' && fromBase64Url(one) !== undefined);
        expect(headerPart(text)).toBe(isCompact ? split[0] : undefined);
      }),
      { numRuns: 3_000 },
    );
  });

  it('take for an object what JSON.parse does, but for names that are there twice and what is too deep', () => {
    const depthOf = (json: unknown): number =>
      typeof json === 'object' && json !== null ? 1 + Math.max(0, ...Object.values(json).map(depthOf)) : 0;
    fc.assert(
      fc.property(fc.jsonValue(), fc.boolean(), (json, spaced) => {
        const text = JSON.stringify(json, null, spaced ? 2 : 0);
        const isObject = typeof json === 'object' && json !== null && !Array.isArray(json);
        const expected = isObject && depthOf(json) <= 8 ? JSON.parse(text) : undefined;
        expect(parseObject(Buffer.from(text))).toEqual(expected);
        if (!isObject || Object.keys(json).length === 0) return;
        const [name] = Object.keys(json);
        const twice = `{${JSON.stringify(name)}:0,${text.slice(1)}`;
        expect(parseObject(Buffer.from(twice))).toBeUndefined();
      }),
      { numRuns: 2_000 },
    );
  });

  it('tell a type by its name alone', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (typ) => {
        expect(isType(typ, 'at+jwt')).toBe(
          typeof typ === 'string' && ['at+jwt', 'application/at+jwt'].includes(typ.toLowerCase()),
        );
      }),
    );
  });

  it('refuse what is almost a key with a ConfigError, and with nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          almostJwk,
          almostJwk.map((change) => ({ ...jwk, ...change })),
          value,
        ),
        async (key) => {
          const made = await createKeyRing({ keys: [key as never] }).catch((error: unknown) => error);
          if (made instanceof Error) expect(made).toBeInstanceOf(ConfigError);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('read whatever a JWK set may hold without failing, and find the one good key in it', async () => {
    const good = publicOf(jwk);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(almostJwk, value), { maxLength: 8 }), async (others) => {
        const body = JSON.stringify({ keys: [...others, good] });
        const headers = { 'content-type': 'application/json' };
        const ring = createRemoteKeyRing({
          url: 'https://issuer.example/',
          algorithms: ['EdDSA'],
          fetch: async () => new Response(body, { headers }),
        });
        await ring.refresh().catch((error: unknown) => {
          // Deeper than eight, the set is none at all.
          expect(error).toMatchObject({ code: 'KEYS_UNAVAILABLE' });
          expect(parseObject(Buffer.from(body))).toBeUndefined();
        });
        if (parseObject(Buffer.from(body))) expect(ring.verifying(String(good.kid))?.alg).toBe('EdDSA');
      }),
      { numRuns: 300 },
    );
  });

  it('refuse whatever a key store may give that no ring has saved, with a code', async () => {
    const [store, now] = [memoryKeyStore(), fakeClock()];
    await ringOver(store, now);
    const [record] = (await store.load()).keys;
    const names = fc.constantFrom('kid', 'alg', 'publicKey', 'sealed', 'createdAt', 'activeAt', 'retireAt');
    const changed = fc.tuple(names, fc.jsonValue()).map(([name, json]) => ({ ...record, [name]: json }));
    const stored = fc.oneof(
      fc.jsonValue(),
      fc.record({
        version: fc.oneof(fc.constant(1), fc.jsonValue()),
        keys: fc.oneof(fc.jsonValue(), fc.array(fc.oneof(changed, fc.jsonValue()), { minLength: 1 })),
      }),
    );
    await fc.assert(
      fc.asyncProperty(stored, async (any) => {
        const isEmpty =
          Array.isArray((any as { keys?: unknown[] } | null)?.keys) &&
          (any as { keys: unknown[] }).keys.length === 0;
        fc.pre(!isEmpty);
        const broken = { load: async () => any as never, save: async () => false };
        await expect(ringOver(broken, now)).rejects.toThrow(
          expect.objectContaining({ code: expect.stringMatching(/^(TOKEN_STORE_INVALID|CONFIG_INVALID)$/) }),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('know an honest Ed25519 key from a weak point', async () => {
    for (let i = 0; i < 20; i++) {
      const { x = '' } = await generateKey();
      expect(isWeakPoint(Buffer.from(x, 'base64url'))).toBe(false);
    }
  });
});
