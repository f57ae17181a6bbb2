import { ConfigError } from '@secapi/kernel';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import {
  createAccessTokenIssuer,
  createKeyRing,
  createRemoteKeyRing,
  createTokenVerifier,
  generateKey,
  type JWK,
  type KeyRing,
} from '../src/index.js';
import { json, publicOf, startJwksServer } from './jwks-server.js';
import { api, fakeClock } from './support.js';

const server = await startJwksServer();
const [first, second] = (await Promise.all([generateKey(), generateKey()])) as [JWK, JWK];
const names = { issuer: api, audience: api };
let now = fakeClock();
let requests = 0;
const asked = () => server.requests - requests;

afterAll(() => server.close());
beforeEach(() => {
  now = fakeClock();
  requests = server.requests;
  server.serve([publicOf(first)]);
});

const remote = (options: Partial<Parameters<typeof createRemoteKeyRing>[0]> = {}) =>
  createRemoteKeyRing({ url: server.url, algorithms: ['EdDSA'], now, ...options });
const verifierOf = (keys: KeyRing) =>
  createTokenVerifier({
    ...names,
    keys,
    now,
    algorithms: ['EdDSA'],
    type: 'at+jwt',
    maxLifetime: '1d',
    clockTolerance: 0,
  });
const issue = async (jwk: JWK) => {
  const keys = await createKeyRing({ keys: [jwk] });
  const issuer = createAccessTokenIssuer({ ...names, keys, now, lifetime: '1d' });
  return (await issuer.issue({ subject: 'u', session: 's' })).token;
};
const unavailable = expect.objectContaining({ code: 'KEYS_UNAVAILABLE' });

describe('a remote key ring', () => {
  it('is fetched when the first token needs it, once for all who wait, and then answers at once', async () => {
    const { verify } = verifierOf(remote());
    expect(asked()).toBe(0);
    const tokens = await Promise.all(Array.from({ length: 50 }, () => issue(first)));
    const verdicts = await Promise.all(tokens.map((token) => verify(token)));
    expect(verdicts.every(({ ok }) => ok)).toBe(true);
    expect(asked()).toBe(1);
    expect(verify(await issue(first))).toMatchObject({ ok: true });
  });

  it('asks once in a cooldown, however many tokens name a key that nobody has', async () => {
    const { verify } = verifierOf(remote());
    await verify(await issue(first));
    const [head, ...rest] = (await issue(first)).split('.');
    const flood = () =>
      Promise.all(
        Array.from({ length: 100 }, (_, i) => {
          const header = { ...JSON.parse(Buffer.from(String(head), 'base64url').toString()), kid: `k${i}` };
          return verify([Buffer.from(JSON.stringify(header)).toString('base64url'), ...rest].join('.'));
        }),
      );
    now.advance(29_999);
    for (let i = 0; i < 3; i++)
      expect(new Set((await flood()).map((verdict) => JSON.stringify(verdict)))).toEqual(
        new Set(['{"ok":false,"reason":"unknown_key"}']),
      );
    expect(asked()).toBe(1);
    now.advance(1);
    for (let i = 0; i < 3; i++) await flood();
    expect(asked()).toBe(2);
    expect(await verify(await issue(first))).toMatchObject({ ok: true });
  });

  it('finds a new key when a token shows it', async () => {
    const { verify } = verifierOf(remote());
    await verify(await issue(first));
    server.serve([publicOf(first), publicOf(second)]);
    now.advance(30_000);
    expect(await verify(await issue(second))).toMatchObject({ ok: true });
    expect(asked()).toBe(2);
  });

  it('forgets a key that was withdrawn when its age is over, also for a remembered token', async () => {
    const { verify } = verifierOf(remote());
    const token = await issue(first);
    await verify(token);
    server.serve([publicOf(second)]);
    now.advance(599_999);
    expect(verify(token)).toMatchObject({ ok: true });
    now.advance(1);
    expect(await verify(token)).toEqual({ ok: false, reason: 'unknown_key' });
  });

  it('keeps the same key the same object when it is fetched anew', async () => {
    const ring = remote();
    await ring.refresh();
    const key = ring.verifying(String(first.kid));
    await ring.refresh();
    expect(ring.verifying(String(first.kid))).toBe(key);
    server.serve([{ ...publicOf(second), kid: first.kid }]);
    await ring.refresh();
    expect(ring.verifying(String(first.kid))).not.toBe(key);
  });

  it('goes on with the keys it has for an hour while they can not be had, asking once a cooldown', async () => {
    const { verify } = verifierOf(remote());
    await verify(await issue(first));
    server.answer = (_, response) => response.writeHead(503).end();
    now.advance(600_000);
    for (let i = 0; i < 20; i++) expect(await verify(await issue(first))).toMatchObject({ ok: true });
    expect(asked()).toBe(2);
    now.advance(30_000);
    for (let i = 0; i < 20; i++) expect(await verify(await issue(first))).toMatchObject({ ok: true });
    expect(asked()).toBe(3);
    now.advance(3_600_000 - 30_000);
    await expect(verify(await issue(first))).rejects.toThrow(unavailable);
    server.serve([publicOf(first)]);
    await expect(verify(await issue(first))).rejects.toThrow(unavailable);
    now.advance(30_000);
    expect(await verify(await issue(first))).toMatchObject({ ok: true });
  });

  it('lets nothing through, and says why, before there are any keys', async () => {
    server.answer = (request) => request.socket.destroy();
    const ring = remote();
    await expect(verifierOf(ring).verify(await issue(first))).rejects.toThrow(unavailable);
    await expect(ring.refresh()).rejects.toThrow(unavailable);
    expect(ring.jwks()).toEqual({ keys: [] });
    expect(() => ring.signing()).toThrow(expect.objectContaining({ code: 'SIGNING_KEY_MISSING' }));
  });

  const set = () => JSON.stringify({ keys: [publicOf(first)] });
  it.each<[string, () => (typeof server)['answer']]>([
    ['HTML', () => json(set(), 'text/html')],
    ['no type', () => (_, response) => response.end(set())],
    [
      'another status',
      () => (_, response) => response.writeHead(203, { 'content-type': 'application/json' }).end(set()),
    ],
    ['no JSON', () => json('{')],
    ['a list', () => json(JSON.stringify([publicOf(first)]))],
    ['keys that are no list', () => json('{"keys":{}}')],
    ['keys twice', () => json(`{"keys":[],${set().slice(1)}`)],
    [
      'no UTF-8',
      () => (_, response) =>
        response
          .setHeader('content-type', 'application/json')
          .end(Buffer.from(`{"a":"\u00ff",${set().slice(1)}`, 'latin1')),
    ],
    ['more than 64 kB', () => json(`{"x":"${'x'.repeat(65_536)}",${set().slice(1)}`)],
    ['101 keys', () => json(JSON.stringify({ keys: Array.from({ length: 101 }, () => publicOf(first)) }))],
    [
      'a redirect',
      () => (request, response) =>
        request.url === '/jwks'
          ? response.writeHead(302, { location: '/other' }).end()
          : json(set())(request, response),
    ],
  ])('takes nothing from %s', async (_, answer) => {
    server.answer = answer();
    await expect(remote().refresh()).rejects.toThrow(unavailable);
    expect(asked()).toBe(1);
    server.answer = json(set(), 'application/jwk-set+json; charset=utf-8');
    await remote().refresh();
  });

  it('stops reading a body that never ends once it is too long', async () => {
    let open = true;
    server.answer = (_, response) => {
      response.setHeader('content-type', 'application/json').on('close', () => {
        open = false;
      });
      const more = (): void => {
        while (open && response.write('x'.repeat(16_384)));
        if (open) response.once('drain', more);
      };
      more();
    };
    await expect(remote({ timeout: '10s' }).refresh()).rejects.toThrow(unavailable);
    await expect.poll(() => open).toBe(false);
  });

  it.each<[string, (typeof server)['answer']]>([
    ['an answer that does not come', () => {}],
    [
      'a body that stops',
      (_, response) => response.setHeader('content-type', 'application/json').write('{"keys":['),
    ],
  ])('waits no longer than it may for %s', async (_, answer) => {
    server.answer = answer;
    await expect(remote({ timeout: '50ms' }).refresh()).rejects.toThrow(unavailable);
    await expect(remote({ timeout: '50ms', fetch: () => new Promise(() => {}) }).refresh()).rejects.toThrow(
      unavailable,
    );
  });

  it('passes over keys that it can not accept, and takes the others', async () => {
    const [rsa, es, hs] = await Promise.all([
      generateKey('RS256'),
      generateKey('ES256'),
      generateKey('HS256'),
    ]);
    const weak = { ...publicOf(first), kid: 'weak', x: Buffer.alloc(32).toString('base64url') };
    server.serve([
      null,
      'text',
      1,
      [],
      {},
      { kty: 'OKP' },
      { key: publicOf(first), kid: 'entry', alg: 'EdDSA' },
      hs,
      { ...hs, alg: 'EdDSA' },
      weak,
      { ...publicOf(second), kid: 'no-use', use: 'enc' },
      { ...publicOf(second), kid: 'ops', key_ops: ['encrypt'] },
      { ...publicOf(second), kid: undefined },
      { ...publicOf(second), kid: 'wrong', alg: 'ES256' },
      { ...publicOf(second), kid: 'null', alg: null },
      { ...second, kid: 'private' },
      { ...publicOf(rsa as JWK), kid: 'rsa' },
      { ...publicOf(es as JWK), kid: 'es', crv: 'P-384' },
      { ...publicOf(first), exp: 1 },
      { ...publicOf(second), kid: first.kid },
      { ...publicOf(second), alg: undefined },
    ]);
    const ring = remote();
    await ring.refresh();
    expect(ring.jwks().keys).toEqual([publicOf(first), publicOf(second)]);
  });

  it('gives a key without alg the only algorithm that it fits, and none where there are two', async () => {
    const rsa = await generateKey('RS256');
    server.serve([{ ...publicOf(rsa), alg: undefined }]);
    const [one, two] = [
      remote({ algorithms: ['RS256', 'ES256'] }),
      remote({ algorithms: ['RS256', 'PS256'] }),
    ];
    await Promise.all([one.refresh(), two.refresh()]);
    expect([one.jwks().keys[0]?.alg, two.jwks().keys]).toEqual(['RS256', []]);
  });

  it.each<[string, object]>([
    ['no url', { url: undefined }],
    ['http to another machine', { url: 'http://issuer.example/jwks' }],
    ['http to what only begins like this machine', { url: 'http://localhost.example/jwks' }],
    ['a file', { url: 'file:///etc/jwks.json' }],
    ['data', { url: 'data:application/json,{"keys":[]}' }],
    ['a password in the url', { url: 'https://user:secret@issuer.example/' }],
    ['no algorithms', { algorithms: [] }],
    ['HMAC', { algorithms: ['EdDSA', 'HS256'] }],
    ['an endless maxAge', { maxAge: Number.POSITIVE_INFINITY }],
    ['no cooldown', { cooldown: 0 }],
    ['no timeout', { timeout: 0 }],
    ['no bound', { maxBytes: '1000mb' }],
    ['an unknown option', { cache: true }],
  ])('is refused with %s', (_, change) => {
    const options = { url: 'https://issuer.example/jwks', algorithms: ['EdDSA'] };
    expect(() => createRemoteKeyRing({ ...options, ...change } as never)).toThrow(ConfigError);
    expect(() => createRemoteKeyRing(options as never)).not.toThrow();
  });
});
