import { createHmac, createPublicKey } from 'node:crypto';
import { ConfigError } from '@secapi/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createKeyRing,
  createTokenVerifier,
  generateKey,
  type JWK,
  type KeyRing,
  type TokenVerifierOptions,
} from '../src/index.js';
import { publicOf } from './jwks-server.js';
import { api, fakeClock, goodClaims, start, text, world } from './support.js';

// Bugs that other libraries have shipped, each with its attack and its honest twin.
const [rsa, ed, mac] = await Promise.all([world('RS256'), world('EdDSA'), world('HS256')]);
const publicJwk = publicOf(rsa.jwk);
const publicKey = createPublicKey({ key: publicJwk as never, format: 'jwk' });
const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
const pkcs1 = publicKey.export({ type: 'pkcs1', format: 'pem' }).toString();
const der = publicKey.export({ type: 'spki', format: 'der' });

const rules = { issuer: api, audience: api, type: 'at+jwt', maxLifetime: '15m', clockTolerance: 0 } as const;
const honestly = { ...rules, keys: ed.keys, algorithms: ['EdDSA'], now: fakeClock() };
const verifierOf = (options: Record<string, unknown>) =>
  createTokenVerifier({ ...honestly, ...options } as TokenVerifierOptions);
const refuses = async (key: unknown): Promise<void> => {
  await expect(createKeyRing({ keys: [key as JWK] })).rejects.toThrow(ConfigError);
};
const asSecret = (k: string | Uint8Array) => ({ kty: 'oct', k: text(k), kid: 'a', alg: 'HS256' });
const hmacToken = (secret: string | Uint8Array, kid = rsa.jwk.kid) => {
  const input = `${text(JSON.stringify({ alg: 'HS256', kid, typ: 'at+jwt' }))}.${text(JSON.stringify(goodClaims()))}`;
  return `${input}.${text(createHmac('sha256', secret).update(input).digest())}`;
};
const reasonOf = async (payload: unknown, header = {}) => {
  const verdict = await ed.verifier().verify(ed.forge(payload, header));
  return verdict.ok ? 'accepted' : verdict.reason;
};
const honest = async () => {
  for (const { verifier, forge } of [rsa, ed, mac]) {
    expect(await verifier().verify(forge(goodClaims()))).toEqual({ ok: true, claims: goodClaims() });
  }
};

describe('never again', () => {
  it('#1: a public RSA key is no HMAC secret, in whatever spelling', async () => {
    for (const secret of [pem, pkcs1, der, JSON.stringify(publicJwk), pem.trim(), String(publicJwk.n)]) {
      expect(await rsa.verifier().verify(hmacToken(secret))).toEqual({ ok: false, reason: 'algorithm' });
    }
    await honest();
  });

  it.each([undefined, null, '', 0, false, [], Number.NaN])(
    '#2: no verifier without keys (%j), and no "none"',
    async (keys) => {
      expect(() => verifierOf({ keys })).toThrow(ConfigError);
      const [, payload] = ed.forge(goodClaims()).split('.');
      const none = `${text('{"alg":"none","typ":"at+jwt"}')}.${payload}`;
      for (const token of [`${none}.`, `${none}.AAAA`])
        expect((await ed.verifier().verify(token)).ok).toBe(false);
      await honest();
    },
  );

  it('#3: a key ring that hands out a public key for an HMAC algorithm fools no verifier', async () => {
    const key = rsa.keys.verifying(String(rsa.jwk.kid))?.key;
    const fooled: KeyRing = {
      ...rsa.keys,
      algorithms: ['HS256'],
      verifying: () => ({ alg: 'HS256', key: key as never }),
    };
    const { verify } = verifierOf({ keys: fooled, algorithms: ['HS256'] });
    expect(() => verify(hmacToken(pem))).toThrow(expect.objectContaining({ code: 'TOKEN_STORE_INVALID' }));
    await honest();
  });

  it('#4: a key of another kind, curve or size than its algorithm is refused', async () => {
    const es = await generateKey('ES256');
    const wrong = [
      { ...rsa.jwk, alg: 'HS256' },
      { ...rsa.jwk, alg: 'ES256' },
      { ...rsa.jwk, alg: 'EdDSA' },
      { ...rsa.jwk, kty: 'DSA' },
      { ...es, alg: 'ES384' },
      { ...es, alg: 'RS256' },
      { ...es, crv: 'secp256k1' },
      { ...ed.jwk, alg: 'ES256' },
      { ...ed.jwk, crv: 'Ed448' },
      { ...mac.jwk, alg: 'HS512' },
      { ...mac.jwk, alg: 'RS256' },
      { ...publicJwk, n: text(Buffer.from(String(publicJwk.n), 'base64url').subarray(256)) },
    ];
    for (const key of wrong) await refuses(key);
    for (const key of [rsa.jwk, es, ed.jwk, mac.jwk, publicJwk]) await createKeyRing({ keys: [key as JWK] });
  });

  it('#5: no text is ever taken for a key, of whatever armour', async () => {
    for (const key of [
      pem,
      pkcs1,
      pem.replace('PUBLIC', 'RSA PUBLIC'),
      'a secret of more than thirty-two bytes',
    ]) {
      await refuses(key);
      await refuses({ kid: 'a', alg: 'RS256', key });
      await refuses({ kid: 'a', alg: 'HS256', key });
    }
    expect(await createKeyRing({ keys: [{ kid: 'a', alg: 'RS256', key: publicKey }] })).toBeTruthy();
  });

  it.each([' ', '\n', '\r\n', '\t', '\uFEFF', '\0', '\v'])(
    '#6: nor with %j around it, as a key or as a secret',
    async (space) => {
      for (const key of [space + pem, pem + space, space + pkcs1, pem.replaceAll('\n', `\r\n${space}`)]) {
        await refuses(key);
        await refuses(asSecret(key));
        expect(await rsa.verifier().verify(hmacToken(key))).toEqual({ ok: false, reason: 'algorithm' });
      }
    },
  );

  it('#7: nor with anything else before it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary', maxLength: 40 }),
        fc.constantFrom(pem, pkcs1),
        async (prefix, key) => {
          await refuses(prefix + key);
          await refuses(asSecret((prefix + key).slice(0, 1_000)));
        },
      ),
      { numRuns: 100 },
    );
    expect(await createKeyRing({ keys: [mac.jwk] })).toBeTruthy();
  });

  it('#8: nor a JWK or a JWKS as text', async () => {
    for (const key of [
      JSON.stringify(publicJwk),
      JSON.stringify({ keys: [publicJwk] }),
      JSON.stringify(mac.jwk),
    ]) {
      await refuses(key);
      await refuses(asSecret(key.slice(0, 1_000)));
    }
  });

  it.each([undefined, null, '', 0, false, {}])('#9: %j is no key, also beside a good one', async (key) => {
    for (const none of [key, { kid: 'a', alg: 'HS256', key }]) await refuses(none);
    await expect(createKeyRing({ keys: [ed.jwk, key as never] })).rejects.toThrow(ConfigError);
  });

  it('#10: a signed payload is an object, with each name once', async () => {
    const claims = JSON.stringify(goodClaims());
    const twice = claims.replace('{', '{"aud":"other",');
    for (const payload of [`[${claims}]`, '[]', JSON.stringify(claims), '1', 'null', 'true', twice]) {
      expect(await reasonOf(payload)).toBe('malformed');
    }
    expect(await reasonOf(claims)).toBe('accepted');
  });

  it('#11: a clock tolerance is finite, whole and at most five minutes', async () => {
    for (const clockTolerance of [
      Number.POSITIVE_INFINITY,
      Number.NaN,
      -1,
      301,
      '6m',
      '1e9s',
      null,
      undefined,
      {},
    ]) {
      expect(() => verifierOf({ clockTolerance })).toThrow(ConfigError);
    }
    const now = fakeClock(start + 900_000 + 299_999);
    const token = ed.forge(goodClaims());
    const { verify } = verifierOf({ clockTolerance: 300, now });
    expect(await verify(token)).toMatchObject({ ok: true });
    now.advance(1);
    expect(await verify(token)).toEqual({ ok: false, reason: 'expired' });
  });

  it('#12: a list with the right issuer in it is not the right issuer; each claim has its type', async () => {
    const texts = [[api], [api, 'other'], { 0: api }, 1, true, null, ''];
    for (const name of ['iss', 'aud', 'sub', 'jti', 'sid']) {
      for (const value of texts) expect(await reasonOf(goodClaims({ [name]: value }))).toBe('claims');
    }
    expect(await reasonOf(goodClaims())).toBe('accepted');
  });

  it('#13: crit is refused, known, unknown, empty or twice', async () => {
    for (const crit of [['x'], ['exp'], [], ['b64'], ['alg', 'alg'], 'exp', null, {}]) {
      expect(await reasonOf(goodClaims(), { crit, x: 1 })).toBe('critical');
    }
    expect(await reasonOf(goodClaims(), { x: 1 })).toBe('accepted');
  });

  it('#14: the same token has the same verdict a thousand times, and no option takes a pattern', async () => {
    for (const option of ['issuer', 'audience', 'type'])
      expect(() => verifierOf({ [option]: /api/gy })).toThrow(ConfigError);
    for (const cache of [{ max: 0 }, { max: 10 }]) {
      const { verify } = verifierOf({ cache });
      const [good, bad] = [ed.forge(goodClaims()), ed.forge(goodClaims({ iss: `${api}x` }))];
      for (let i = 0; i < 1_000; i++)
        expect([(await verify(good)).ok, (await verify(bad)).ok]).toEqual([true, false]);
    }
  });

  it('#15: a claim is compared, never matched, and has a length', async () => {
    for (const aud of [`${'a'.repeat(400)}!`, '.*', '^', `${api}\n`, `${api}/`, ` ${api}`]) {
      expect(await reasonOf(goodClaims({ aud }))).toBe('audience');
    }
    expect(await reasonOf(goodClaims({ aud: 'a'.repeat(513) }))).toBe('claims');
    expect(await reasonOf(goodClaims())).toBe('accepted');
  });

  it('#16: no two tokens share a remembered verdict, nor do two verifiers', async () => {
    const { verify } = verifierOf({ cache: { max: 64 } });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ minLength: 1, maxLength: 20 }), { minLength: 2, maxLength: 8 }),
        async (subjects) => {
          const tokens = subjects.map((sub) => ed.forge(goodClaims({ sub })));
          for (let round = 0; round < 2; round++) {
            for (const [at, token] of tokens.entries())
              expect(await verify(token)).toMatchObject({ claims: { sub: subjects[at] } });
          }
        },
      ),
      { numRuns: 40 },
    );
    const token = ed.forge(goodClaims());
    expect(await verify(token)).toMatchObject({ ok: true });
    expect(await verifierOf({ audience: 'other' }).verify(token)).toEqual({ ok: false, reason: 'audience' });
  });

  it("#17: the algorithm is never the header's; a key without alg needs one from the configuration", async () => {
    const { alg: _, ...bare } = mac.jwk;
    await refuses(bare);
    for (const alg of ['HS256', 'HS512', 'RS256', '', undefined])
      expect(await reasonOf(goodClaims(), { alg })).toBe('algorithm');
    const keys = await createKeyRing({ keys: [{ kid: String(mac.jwk.kid), alg: 'HS256', key: bare }] });
    expect(await verifierOf({ keys, algorithms: ['HS256'] }).verify(mac.forge(goodClaims()))).toMatchObject({
      ok: true,
    });
  });

  it.each(['0', '-1', '-0', '1e400', '"9999"', 'null', '[]', '{}', 'true', '[9999999999]'])(
    '#18: %s is no time',
    async (literal) => {
      for (const name of ['exp', 'iat', 'nbf']) {
        const payload = JSON.stringify(goodClaims({ [name]: 'HERE' })).replace('"HERE"', literal);
        expect(await reasonOf(payload)).toBe('claims');
      }
      expect(await reasonOf(JSON.stringify(goodClaims()).replace(/"exp":\d+,?/, ''))).toMatch(
        /claims|malformed/,
      );
      expect(await reasonOf(goodClaims({ nbf: start / 1_000 }))).toBe('accepted');
    },
  );

  it('#19: password-based encryption is in no list, so that nobody makes it count to two billion', async () => {
    for (const alg of ['PBES2-HS256+A128KW', 'PBES2-HS512+A256KW', 'dir', 'RSA-OAEP']) {
      expect(() => verifierOf({ algorithms: [alg] })).toThrow(ConfigError);
      const header = {
        alg,
        enc: 'A128GCM',
        p2c: 2_147_483_647,
        p2s: text('salt'),
        kid: ed.jwk.kid,
        typ: 'at+jwt',
      };
      const jwe = `${text(JSON.stringify(header))}.AAAA.AAAA.AAAA.AAAA`;
      expect(await ed.verifier().verify(jwe)).toEqual({ ok: false, reason: 'malformed' });
      expect(await reasonOf(goodClaims(), header)).toBe('algorithm');
    }
  });

  it('#20: nothing is inflated, and nothing too large is read', async () => {
    const zip = `${text('{"alg":"dir","enc":"A256GCM","zip":"DEF"}')}..AAAA.AAAA.AAAA`;
    expect(await ed.verifier().verify(zip)).toEqual({ ok: false, reason: 'malformed' });
    expect(await reasonOf(goodClaims({ x: 'x'.repeat(8_192) }))).toBe('malformed');
    expect(await reasonOf(goodClaims(), { x: 'x'.repeat(2_048) })).toBe('malformed');
    expect(await reasonOf(goodClaims({ x: 'x'.repeat(4_000) }))).toBe('accepted');
  });

  it.each([undefined, null, [], 'EdDSA', {}, [''], ['none'], ['EdDSA', 'HS256']])(
    '#21: no verifier with the algorithms %j',
    (algorithms) => {
      expect(() => verifierOf({ algorithms })).toThrow(ConfigError);
      expect(() => verifierOf({ algorithms: ['EdDSA'] })).not.toThrow();
    },
  );
});
