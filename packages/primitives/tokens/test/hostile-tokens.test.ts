import { createHmac, createPublicKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generateKey } from '../src/index.js';
import { goodClaims, signBy, text, world } from './support.js';

const rsa = await world('RS256');
const ed = await world('EdDSA');
const mac = await world('HS256');

describe('a verifier against tokens made by hand', () => {
  it('accepts the honest twin of every forgery below', async () => {
    for (const { verifier, forge } of [rsa, ed, mac]) {
      expect(await verifier().verify(forge(goodClaims()))).toEqual({ ok: true, claims: goodClaims() });
    }
  });

  const publicKey = createPublicKey({
    key: { kty: 'RSA', n: rsa.jwk.n, e: rsa.jwk.e } as never,
    format: 'jwk',
  });
  const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const secrets: [string, string | Buffer][] = [
    ['SPKI PEM', publicPem],
    ['SPKI PEM without its last newline', publicPem.trim()],
    ['SPKI PEM with CRLF', publicPem.replaceAll('\n', '\r\n')],
    ['SPKI PEM behind a space', ` ${publicPem}`],
    ['SPKI PEM behind a byte order mark', `\uFEFF${publicPem}`],
    ['PKCS#1 PEM', publicKey.export({ type: 'pkcs1', format: 'pem' }).toString()],
    ['SPKI DER', publicKey.export({ type: 'spki', format: 'der' })],
    ['PKCS#1 DER', publicKey.export({ type: 'pkcs1', format: 'der' })],
    ['JWK', JSON.stringify(rsa.keys.jwks().keys[0])],
    ['JWKS', JSON.stringify(rsa.keys.jwks())],
    ['modulus', Buffer.from(rsa.jwk.n ?? '', 'base64url')],
    ['nothing', ''],
  ];
  it.each(secrets)('refuses an HMAC over the public key as %s', async (_, secret) => {
    for (const alg of ['HS256', 'HS384', 'HS512']) {
      const input = `${text(JSON.stringify({ alg, kid: rsa.jwk.kid, typ: 'at+jwt' }))}.${text(JSON.stringify(goodClaims()))}`;
      const token = `${input}.${text(
        createHmac(`sha${alg.slice(2)}`, secret)
          .update(input)
          .digest(),
      )}`;
      expect(await rsa.verifier().verify(token)).toEqual({ ok: false, reason: 'algorithm' });
      // Nor when the header names the algorithm of the key.
      const honest = `${text(JSON.stringify({ alg: 'RS256', kid: rsa.jwk.kid, typ: 'at+jwt' }))}.${text(JSON.stringify(goodClaims()))}`;
      const signature = text(
        createHmac(`sha${alg.slice(2)}`, secret)
          .update(honest)
          .digest(),
      );
      expect(await rsa.verifier().verify(`${honest}.${signature}`)).toEqual({
        ok: false,
        reason: 'signature',
      });
    }
  });

  it.each([
    'none',
    'None',
    'NONE',
    'nOnE',
    '',
    null,
    0,
    [],
    ['EdDSA'],
    {},
    'HS256',
    'RS256',
    'ES256',
    'eddsa',
    'EdDSA ',
    'Ed25519',
    'PBES2-HS256+A128KW',
    'dir',
    '__proto__',
    'constructor',
  ])('takes no algorithm from the header: %j', async (alg) => {
    expect(await ed.verifier().verify(ed.forge(goodClaims(), { alg }))).toEqual({
      ok: false,
      reason: 'algorithm',
    });
    const [header, payload] = ed.forge(goodClaims(), { alg }).split('.');
    expect(await ed.verifier().verify(`${header}.${payload}.`)).toEqual({ ok: false, reason: 'malformed' });
  });

  it('refuses a key of the ring under an allowed algorithm that is not its own', async () => {
    const token = rsa.forge(goodClaims(), { alg: 'PS256' });
    const verdict = await rsa.verifier({ algorithms: ['RS256', 'PS256'] }).verify(token);
    expect(verdict).toEqual({ ok: false, reason: 'algorithm' });
  });

  it.each([
    [['exp']],
    [['unknown']],
    [[]],
    [['b64']],
    [['b64', 'b64']],
    [['alg']],
    ['exp'],
    [null],
    [{}],
    [0],
    [''],
  ])('refuses crit: %j', async (crit) => {
    for (const more of [{}, { b64: true }, { b64: false }, { exp: 1, unknown: 1 }]) {
      const verdict = await ed.verifier().verify(ed.forge(goodClaims(), { crit, ...more }));
      expect(verdict).toEqual({ ok: false, reason: 'critical' });
    }
  });

  it('refuses b64 without crit', async () => {
    const verdict = await ed.verifier().verify(ed.forge(goodClaims(), { b64: false }));
    expect(verdict).toEqual({ ok: false, reason: 'critical' });
  });

  it.each(['at+jwt', 'AT+JWT', 'application/at+jwt', 'Application/At+Jwt'])('accepts typ %j', async (typ) => {
    expect(await ed.verifier().verify(ed.forge(goodClaims(), { typ }))).toMatchObject({ ok: true });
  });

  it.each([
    'JWT',
    'jwt',
    '',
    undefined,
    null,
    ['at+jwt'],
    'at+jwt ',
    ' at+jwt',
    'at+jwt\n',
    'xat+jwt',
    'application/application/at+jwt',
    'dpop+jwt',
    1,
  ])('refuses typ %j', async (typ) => {
    expect(await ed.verifier().verify(ed.forge(goodClaims(), { typ }))).toEqual({
      ok: false,
      reason: 'type',
    });
  });

  it.each([
    undefined,
    null,
    '',
    'other',
    ['kid'],
    1,
    '__proto__',
    'constructor',
    '../../dev/null',
    "' OR 1=1 --",
    `${ed.jwk.kid} `,
  ])('refuses kid %j', async (kid) => {
    expect(await ed.verifier().verify(ed.forge(goodClaims(), { kid }))).toEqual({
      ok: false,
      reason: 'unknown_key',
    });
  });

  it('never fetches or takes a key that the token brings along', async () => {
    const thief = await generateKey('EdDSA');
    const { d: _, ...jwk } = thief;
    for (const header of [
      { jwk },
      { jku: 'http://127.0.0.1:9/jwks' },
      { x5u: 'http://127.0.0.1:9/x' },
      { x5c: ['AA=='] },
    ]) {
      const input = ed.forge(goodClaims(), header).split('.').slice(0, 2).join('.');
      expect(await ed.verifier().verify(`${input}.${signBy(thief, input)}`)).toEqual({
        ok: false,
        reason: 'signature',
      });
    }
  });

  it.each(['[]', '"x"', 'null', '{"alg":"none","alg":"EdDSA"}', '\uFEFF{"alg":"EdDSA"}', '{'])(
    'refuses the header %s',
    async (header) => {
      expect(await ed.verifier().verify(ed.forge(goodClaims(), header))).toEqual({
        ok: false,
        reason: 'malformed',
      });
    },
  );

  it('refuses a header with its key id or algorithm twice', async () => {
    const header = `{"alg":"none","alg":"EdDSA","typ":"at+jwt","kid":"${ed.jwk.kid}"}`;
    expect(await ed.verifier().verify(ed.forge(goodClaims(), header))).toEqual({
      ok: false,
      reason: 'malformed',
    });
  });

  it('knows one spelling of a token only', async () => {
    const token = ed.forge(goodClaims());
    const verifier = ed.verifier();
    expect(await verifier.verify(token)).toMatchObject({ ok: true });
    const [header = '', payload = '', signature = ''] = token.split('.');
    const last = signature.slice(-1);
    const twin = String.fromCharCode(last.charCodeAt(0) + 1); // 64 bytes leave four spare bits: the next letter decodes to the same
    expect(Buffer.from(signature.slice(0, -1) + twin, 'base64url')).toEqual(
      Buffer.from(signature, 'base64url'),
    );
    for (const other of [
      `${header}.${payload}.${signature.slice(0, -1)}${twin}`,
      `${header}.${payload}.${signature}=`,
      `${header}.${payload}.${signature}==`,
      `${header}.${payload}.${signature}\n`,
      ` ${token}`,
      `${token} `,
      `${token}.`,
      `${token}.x`,
      `.${token}`,
      `${header}..${signature}`,
      `.${payload}.${signature}`,
      `${header}.${payload}`,
      `${header}.${payload}.${signature.replace(/./, '+')}`,
      `${header}.${payload}.${signature.slice(0, 20)}\u0100${signature.slice(21)}`,
      `${header}.${payload}.${signature}.${signature}.${signature}`,
      '',
      '.',
      '..',
    ]) {
      expect(await verifier.verify(other)).toEqual({ ok: false, reason: 'malformed' });
    }
  });

  it.each([undefined, null, 0, {}, [], ['a.b.c'], Buffer.from('a.b.c')])(
    'refuses what is no text: %j',
    async (token) => {
      expect(await ed.verifier().verify(token as never)).toEqual({ ok: false, reason: 'malformed' });
    },
  );

  it('reads nothing of a token that is too long', async () => {
    const verdict = await ed.verifier().verify(ed.forge(goodClaims({ scope: 'x'.repeat(8_192) })));
    expect(verdict).toEqual({ ok: false, reason: 'malformed' });
    expect(await ed.verifier().verify(ed.forge(goodClaims(), { x: 'x'.repeat(2_000) }))).toMatchObject({
      ok: false,
    });
    expect(await ed.verifier().verify(ed.forge(goodClaims({ scope: 'x'.repeat(4_000) })))).toMatchObject({
      ok: true,
    });
  });

  it('never throws, and accepts no token with one letter changed', async () => {
    const verifier = ed.verifier();
    const token = ed.forge(goodClaims());
    const change = fc.tuple(
      fc.nat(token.length - 1),
      fc.string({ minLength: 0, maxLength: 2, unit: 'binary' }),
    );
    await fc.assert(
      fc.asyncProperty(change, async ([at, letter]) => {
        const other = token.slice(0, at) + letter + token.slice(at + 1);
        expect((await verifier.verify(other)).ok).toBe(other === token);
      }),
      { numRuns: 500 },
    );
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), async (any) => {
        expect((await verifier.verify(any)).ok).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('gives the same verdict a thousand times', async () => {
    const verifier = ed.verifier();
    const [good, bad] = [ed.forge(goodClaims()), ed.forge(goodClaims({ aud: 'other' }))];
    for (let i = 0; i < 1_000; i++) {
      const [first, second] = [
        await verifier.verify(good),
        i < 100 ? await verifier.verify(bad) : { ok: false },
      ];
      expect([first.ok, second.ok]).toEqual([true, false]);
    }
  });
});
