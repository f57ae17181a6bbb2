import { createHmac, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { createServer } from 'node:http';
import {
  type Algorithm,
  createAccessTokenIssuer,
  createKeyRing,
  createTokenVerifier,
  generateKey,
  type JWK,
} from '@secapi/tokens';
import { describe, expect, it } from 'vitest';
import { forgedTokens, listen, refusesForgedTokens, send } from '../src/index.js';

const now = (): number => 1_800_000_000_000;
const api = 'https://api.example';
const names = { issuer: api, audience: api, now };

/** An issuer with one key, by hand where the library under test would be its own judge. */
async function world(alg: Algorithm) {
  const jwk = await generateKey(alg);
  const keys = await createKeyRing({ keys: [jwk], now });
  const { token } = await createAccessTokenIssuer({ ...names, keys }).issue({ subject: 'ann', session: 's' });
  const { verify: judge } = createTokenVerifier({
    ...{ ...names, keys, algorithms: [alg], type: 'at+jwt', maxLifetime: '15m', clockTolerance: '30s' },
  } as const);
  return {
    ...{ jwk, jwks: keys.jwks(), token },
    send: async (text: string) => ((await judge(text)).ok ? 200 : 401),
    sign: (input: string) => signBy(jwk, input),
  };
}

function signBy(jwk: JWK, input: string): Uint8Array {
  const bytes = Buffer.from(input);
  if (jwk.kty === 'oct')
    return createHmac('sha256', Buffer.from(String(jwk.k), 'base64url'))
      .update(bytes)
      .digest();
  const key = createPrivateKey({ key: jwk as never, format: 'jwk' }); // Node's type of a JWK is its own
  if (jwk.alg === 'EdDSA') return sign(null, bytes, key);
  return sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' });
}

describe('forged tokens', () => {
  it.each(['EdDSA', 'ES256', 'RS256', 'HS256'] as const)(
    'are all refused by a verifier of %s, which takes the honest one in between',
    async (alg) => {
      const { jwks, token, send, sign: signature } = await world(alg);
      const report = await refusesForgedTokens({ token, jwks, send, sign: signature, transport: 'any' });
      expect(report.unsent).toEqual([]);
      expect(report.refused).toBeGreaterThan(alg === 'HS256' ? 400 : 500);
      const unsigned = await refusesForgedTokens({ token, jwks, send });
      expect(unsigned.refused).toBeGreaterThan(alg === 'HS256' ? 250 : 350);
      expect(unsigned.unsent).toContain('the honest token with a newline at its end');
    },
  );

  it('reach a server in its Authorization header, but those that fit into none', async () => {
    const { jwks, token, send: judge, sign: signature } = await world('EdDSA');
    const server = createServer((request, response) => {
      const [, shown = ''] = /^Bearer (.*)$/.exec(request.headers.authorization ?? '') ?? [];
      void judge(shown).then((status) => response.writeHead(status).end());
    });
    const port = await listen(server);
    try {
      const show = async (text: string) =>
        (await send(port, { path: '/', headers: { authorization: `Bearer ${text}` } })).status;
      const report = await refusesForgedTokens({ token, jwks, send: show, sign: signature });
      expect(report.refused).toBeGreaterThan(450);
      expect(report.unsent.length).toBeLessThan(15);
    } finally {
      server.close();
    }
  });

  it('have names of their own, and never the honest token among them', async () => {
    const { jwks, token, sign: signature } = await world('RS256');
    const forged = await forgedTokens({ token, jwks, sign: signature });
    expect(new Set(forged.map(({ name }) => name)).size).toBe(forged.length);
    expect(new Set(forged.map(({ token: text }) => text)).size).toBe(forged.length);
    expect(forged.map(({ token: text }) => text)).not.toContain(token);
    expect([...new Set(forged.map(({ row }) => row))].sort((a, b) => a - b)).toEqual([
      ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 15, 16, 17, 18, 19, 20],
    ]);
  });

  it('need an honest token to begin with', async () => {
    for (const token of ['', 'a.b', 'a.b.c', 'e30.e30.', 'e30.W10.AAAA']) {
      await expect(forgedTokens({ token, jwks: { keys: [] } })).rejects.toThrow(TypeError);
    }
  });
});

interface Read {
  readonly header: Record<string, unknown>;
  readonly payload: Record<string, unknown>;
  readonly input: string;
  readonly signature: Buffer;
  readonly key: ReturnType<typeof createPublicKey>;
}

/** A careful verifier by hand, of which one thing at a time is broken. */
function verifierOf(
  jwk: JWK,
  broken: Partial<Record<keyof ReturnType<typeof checks>, (read: Read) => boolean>>,
) {
  const key = createPublicKey({ key: jwk as never, format: 'jwk' });
  return (token: string): number => {
    try {
      const parts = token.split('.');
      if (parts.length !== 3) return 401;
      const [header, payload, signature] = parts.map((part) => Buffer.from(part, 'base64url'));
      if (parts.some((part, i) => [header, payload, signature][i]?.toString('base64url') !== part))
        return 401;
      const read: Read = {
        header: JSON.parse(String(header)),
        payload: JSON.parse(String(payload)),
        ...{ input: `${parts[0]}.${parts[1]}`, signature: signature ?? Buffer.alloc(0), key },
      };
      const all = { ...checks(String(header), String(payload)), ...broken };
      return Object.values(all).every((check) => check(read)) ? 200 : 401;
    } catch {
      return 401;
    }
  };
}

function checks(header: string, payload: string) {
  const isObject = (value: unknown): boolean => value?.constructor === Object;
  return {
    canonical: ({ header: h, payload: p }: Read) =>
      JSON.stringify(h) === header && JSON.stringify(p) === payload,
    objects: ({ header: h, payload: p }: Read) => isObject(h) && isObject(p),
    critical: ({ header: h }: Read) => !('crit' in h) && !('b64' in h),
    signature: ({ header: h, input, signature, key }: Read) =>
      h.alg === 'EdDSA' && verify(null, Buffer.from(input), key, signature),
    issuer: ({ payload: p }: Read) => p.iss === api,
    audience: ({ payload: p }: Read) => p.aud === api,
    subject: ({ payload: p }: Read) => typeof p.sub === 'string' && p.sub !== '',
    end: ({ payload: p }: Read) => typeof p.exp === 'number' && p.exp * 1_000 > now() && p.exp < 2e9,
    begin: ({ payload: p }: Read) =>
      p.nbf === undefined || (typeof p.nbf === 'number' && p.nbf * 1_000 <= now()),
  };
}

describe('the runner', async () => {
  const { jwk, jwks, token, sign: signature } = await world('EdDSA');
  const run = (send: (text: string) => number) =>
    refusesForgedTokens({ token, jwks, send, sign: signature, transport: 'any' });
  const pemOf = ({ key }: Read): string => key.export({ type: 'spki', format: 'pem' }).toString();
  const isMac = ({ header, input, signature: mac }: Read, secret: string): boolean =>
    header.alg === 'HS256' && createHmac('sha256', secret).update(input).digest().equals(mac);
  const honest = checks('', '').signature;

  it('passes the verifier that it breaks below', async () => {
    expect((await run(verifierOf(jwk, {}))).refused).toBeGreaterThan(500);
  });

  it.each<[string, RegExp, Parameters<typeof verifierOf>[1]]>([
    ['takes any signature', /#4 signature/, { signature: ({ header }) => header.alg === 'EdDSA' }],
    ['takes "none"', /#2 alg "none"/, { signature: (read) => read.header.alg === 'none' || honest(read) }],
    [
      'takes "none" in any case',
      /#2 alg "NONE"/,
      { signature: (read) => read.header.alg === 'NONE' || honest(read) },
    ],
    [
      'takes its public key for a secret',
      /#1 HS256 over SPKI PEM/,
      { signature: (read) => isMac(read, pemOf(read)) || honest(read) },
    ],
    [
      'looks for an armour behind a space',
      /#6 HS256 over SPKI PEM behind a space/,
      { signature: (read) => isMac(read, ` ${pemOf(read)}`) || honest(read) },
    ],
    [
      'takes a JWK for a secret',
      /#8 HS256 over JWK/,
      { signature: (read) => isMac(read, JSON.stringify(jwks.keys[0])) || honest(read) },
    ],
    [
      'finds an empty secret under an unknown key',
      /#9 kid/,
      { signature: (read) => (read.header.kid !== jwk.kid && isMac(read, '')) || honest(read) },
    ],
    [
      'takes the key that a token brings along',
      /#17 the header jwk/,
      {
        signature: (read) => {
          const brought = read.header.jwk;
          const key = brought ? createPublicKey({ key: brought as never, format: 'jwk' }) : read.key;
          return verify(null, Buffer.from(read.input), key, read.signature);
        },
      },
    ],
    ['passes over what is critical', /#13 header with/, { critical: () => true }],
    [
      'takes a list for the right issuer',
      /#12 iss \[/,
      { issuer: ({ payload }) => [payload.iss].flat().includes(api) },
    ],
    [
      'has no issuer',
      /#12 no iss/,
      { issuer: ({ payload }) => payload.iss === undefined || payload.iss === api },
    ],
    [
      'takes an empty audience',
      /#12 aud \[\]/,
      { audience: ({ payload }) => [payload.aud].flat().every((aud) => aud === api) },
    ],
    [
      'takes a text for a time',
      /#18 exp "9999999999"/,
      {
        end: ({ payload }) => Number(payload.exp) * 1_000 > now() && payload.exp !== Number.POSITIVE_INFINITY,
      },
    ],
    [
      'takes zero for no end',
      /#18 exp 0/,
      { end: ({ payload }) => !payload.exp || Number(payload.exp) * 1_000 > now() },
    ],
    [
      'takes the first of two claims',
      /#10 payload that is an object with a claim twice/,
      { canonical: () => true },
    ],
  ])('finds a verifier that %s', async (_, message, broken) => {
    await expect(run(verifierOf(jwk, broken))).rejects.toThrow(message);
  });

  it('finds what remembers a verdict by the wrong key, what fails instead of refusing, and what refuses everybody', async () => {
    const right = verifierOf(jwk, {});
    const remembered = new Set<string>();
    const byClaims = (text: string): number => {
      const claims = text.split('.')[1] ?? '';
      if (right(text) === 200) remembered.add(claims);
      return remembered.has(claims) ? 200 : 401;
    };
    await expect(run(byClaims)).rejects.toThrow(/: 200/);
    await expect(run((text) => (text === '..' ? 500 : right(text)))).rejects.toThrow(/of stops: 500/);
    await expect(run(() => 401)).rejects.toThrow(/the honest token at the start: 401/);
    await expect(run((text) => (right(text) === 200 ? 200 : 429))).rejects.toThrow(
      /429\nand \d+ more of these\n#/s,
    );
    let calls = 0;
    await expect(run((text) => (++calls % 2 ? right(text) : 401))).rejects.toThrow(/the honest token after/);
  });

  it('tells no token in its error', async () => {
    const error: unknown = await run(() => 200).catch((reason: unknown) => reason);
    const [head = '', payload = ''] = token.split('.');
    for (const text of [head, payload]) expect(String(error)).not.toContain(text);
  });
});
