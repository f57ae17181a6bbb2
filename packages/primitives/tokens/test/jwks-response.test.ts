import { ConfigError } from '@secapi/kernel';
import { describe, expect, it } from 'vitest';
import { createKeyRing, generateKey, type JwksResponse, jwksResponse, memoryKeyStore } from '../src/index.js';
import { hour, ringOver } from './managed-support.js';
import { fakeClock } from './support.js';

const header = ({ headers }: JwksResponse, name: string) => new Map(headers).get(name);

describe('the answer with a JWK set', () => {
  it('is the public keys as JSON of its type, with a tag that changes when they do', async () => {
    const ring = await ringOver(memoryKeyStore(), fakeClock());
    const first = jwksResponse(ring);
    expect(JSON.parse(first.body)).toEqual(ring.jwks());
    expect(header(first, 'content-type')).toBe('application/jwk-set+json');
    expect(header(first, 'etag')).toMatch(/^"[\w-]{43}"$/);
    expect(jwksResponse(ring)).toEqual(first);
    await ring.rotate();
    expect(header(jwksResponse(ring), 'etag')).not.toBe(header(first, 'etag'));
    expect(first.body).not.toContain('"d"');
  });

  it('may be cached for half of the time that a key is published before it signs, and no longer', async () => {
    const ring = await ringOver(memoryKeyStore(), fakeClock());
    expect(header(jwksResponse(ring), 'cache-control')).toBe('public, max-age=1800');
    expect(header(jwksResponse(ring, { maxAge: '5m' }), 'cache-control')).toBe('public, max-age=300');
    expect(() => jwksResponse(ring, { maxAge: '31m' })).toThrow(ConfigError);
  });

  it('never lets somebody who caches it miss a key that signs, even from a process that learnt of it late', async () => {
    const [store, now] = [memoryKeyStore(), fakeClock()];
    const [one, late] = [await ringOver(store, now), await ringOver(store, now)];
    const { kid, activeAt } = await one.rotate();
    now.advance(hour / 2 - 1); // the last moment before the late one refreshes
    const { body, headers } = jwksResponse(late);
    const maxAge = Number(/max-age=(\d+)/.exec(new Map(headers).get('cache-control') ?? '')?.[1]) * 1_000;
    expect(body).not.toContain(kid);
    expect(now() + maxAge).toBeLessThan(activeAt);
  });

  it('may be cached for five minutes where keys are not managed', async () => {
    const ring = await createKeyRing({ keys: [await generateKey(), await generateKey('HS256')] });
    expect(header(jwksResponse(ring), 'cache-control')).toBe('public, max-age=300');
    expect(JSON.parse(jwksResponse(ring, { maxAge: 0 }).body).keys).toHaveLength(1);
    for (const maxAge of [-1, '2d', Number.NaN, Number.POSITIVE_INFINITY, 'x']) {
      expect(() => jwksResponse(ring, { maxAge: maxAge as never })).toThrow(ConfigError);
    }
  });
});
