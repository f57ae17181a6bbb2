import { createHash, createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import { createKeyRing, createTokenVerifier, generateKey, type JWK, memoryRevocations } from '@secapi/tokens';
import { importJWK, jwtVerify } from 'jose';
import jsonwebtoken from 'jsonwebtoken';
import { audience, createTokens, createWorld, issuer } from '../e2e/world.js';
import type { Contender } from '../timer.js';
import type { Part } from './part.js';

/** Verifying tokens, seen before and new. */
export async function tokenParts(): Promise<Part[]> {
  const { hmac, pair } = await createWorld();
  const es256 = await generateKey('ES256');
  const tokens = (await createTokens(hmac, 1_000)).members;
  const verifier = await verifierOf(hmac, 'HS256', 20_000);
  for (const token of tokens) await verifier.verify(token);
  const seen = new Map(tokens.map((token) => [digest(token), { exp: Date.now() / 1_000 + 3_600 }]));
  const take = inTurn(tokens);
  const key = keyOf(hmac);
  return [
    {
      title: 'verify a token seen before, 1,000 in turn',
      note: 'secapi asks expiry, key and revocation each time. jsonwebtoken and jose remember none; fast-jwt, which does, is not installed by itself and is left out here (as @fastify/jwt it is in the end-to-end runs).',
      contenders: [
        {
          name: 'jsonwebtoken, KeyObject, HS256',
          run: () => jsonwebtoken.verify(take(), key, rulesOf('HS256')),
        },
        { name: 'secapi', run: () => verifier.verify(take()) },
        {
          name: 'floor: a map by SHA-256',
          run: () => (seen.get(digest(take()))?.exp ?? 0) > Date.now() / 1_000,
        },
      ],
    },
    await newToken('HS256', hmac),
    await newToken('ES256', es256),
    await newToken('EdDSA', pair),
  ];
}

async function newToken(alg: 'HS256' | 'ES256' | 'EdDSA', jwk: JWK): Promise<Part> {
  const take = inTurn((await createTokens(jwk, 50)).members);
  const imported = await cryptoKeyOf(jwk, alg);
  const verifier = await verifierOf(jwk, alg, 0);
  const jose: Contender = {
    name: 'jose',
    inFlight: 50,
    run: () => jwtVerify(take(), imported, { algorithms: [alg], issuer, audience, typ: 'at+jwt' }),
  };
  const key = keyOf(jwk);
  const jwt: Contender = {
    name: 'jsonwebtoken, KeyObject',
    inFlight: 50,
    run: () => jsonwebtoken.verify(take(), key, rulesOf(alg)),
  };
  return {
    title: `verify a new token, ${alg}, 50 in flight`,
    contenders: [
      jose,
      ...(alg === 'EdDSA' ? [] : [jwt]), // it has no EdDSA
      { name: 'secapi', inFlight: 50, run: () => verifier.verify(take()) },
    ],
  };
}

async function verifierOf(jwk: JWK, alg: 'HS256' | 'ES256' | 'EdDSA', max: number) {
  return createTokenVerifier({
    keys: await createKeyRing({ keys: [jwk] }),
    algorithms: [alg],
    issuer,
    audience,
    type: 'at+jwt',
    maxLifetime: '1h',
    clockTolerance: '5s',
    revocations: memoryRevocations(),
    cache: { max },
  });
}

function keyOf(jwk: JWK): KeyObject {
  if (jwk.kty === 'oct') return createSecretKey(Buffer.from(jwk.k ?? '', 'base64url'));
  return createPublicKey({ key: jwk as Record<string, unknown>, format: 'jwk' });
}

/** A CryptoKey for every algorithm: with the bytes of a secret jose would import them at each call. */
async function cryptoKeyOf({ d: _private, ...open }: JWK, alg: string) {
  if (open.kty !== 'oct') return importJWK(open, alg);
  const bytes = Buffer.from(open.k ?? '', 'base64url');
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
}

function rulesOf(alg: string): { algorithms: string[]; issuer: string; audience: string } {
  return { algorithms: [alg], issuer, audience };
}

function digest(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

function inTurn(list: readonly string[]): () => string {
  let turn = 0;
  return () => list[turn++ % list.length] ?? '';
}
