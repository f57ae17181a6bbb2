import { describe, expect, it } from 'vitest';
import {
  createAccessTokenIssuer,
  createTokenVerifier,
  type ManagedKeyRing,
  memoryKeyStore,
} from '../src/index.js';
import { hour, ringOver } from './managed-support.js';
import { api, fakeClock } from './support.js';

const names = { issuer: api, audience: api };

async function setUp() {
  const [store, now] = [memoryKeyStore(), fakeClock()];
  const [here, there] = [await ringOver(store, now), await ringOver(store, now)];
  const verifierOf = (keys: ManagedKeyRing) =>
    createTokenVerifier({
      ...names,
      keys,
      now,
      algorithms: ['EdDSA'],
      type: 'at+jwt',
      maxLifetime: '15m',
      clockTolerance: 0,
    });
  const issue = async (keys: ManagedKeyRing) =>
    (await createAccessTokenIssuer({ ...names, keys, now }).issue({ subject: 'u', session: 's' })).token;
  return { now, here, there, issue, verify: { here: verifierOf(here), there: verifierOf(there) } };
}

describe('a signing key that was stolen', () => {
  it('is refused at once, remembered tokens too, and another signs in its place', async () => {
    const { here, there, issue, verify } = await setUp();
    const stolen = here.signing().kid;
    const token = await issue(here);
    expect(await verify.here.verify(token)).toMatchObject({ ok: true });
    expect(await verify.there.verify(token)).toMatchObject({ ok: true });
    expect(await here.retire(stolen)).toBe(true);
    expect(await verify.here.verify(token)).toEqual({ ok: false, reason: 'unknown_key' });
    expect(here.jwks().keys.map(({ kid }) => kid)).not.toContain(stolen);
    const fresh = await issue(here);
    expect(here.signing().kid).not.toBe(stolen);
    expect(await verify.here.verify(fresh)).toMatchObject({ ok: true });
    // Another process finds the new key when a token shows it, and learns with it that the old one is gone.
    expect(await verify.there.verify(fresh)).toMatchObject({ ok: true });
    expect(await verify.there.verify(token)).toEqual({ ok: false, reason: 'unknown_key' });
    expect(there.signing().kid).toBe(here.signing().kid);
  });

  it('while another is published: that one still signs in its time, and one more until then', async () => {
    const { now, here, there, issue, verify } = await setUp();
    const stolen = here.signing().kid;
    const { kid: next } = await here.rotate();
    expect(await here.retire(stolen)).toBe(true);
    const between = here.signing().kid;
    expect([stolen, next]).not.toContain(between);
    const token = await issue(here);
    now.advance(hour);
    await there.refresh();
    expect([here.signing().kid, there.signing().kid]).toEqual([next, next]);
    now.advance(1);
    expect(await verify.there.verify(await issue(here))).toMatchObject({ ok: true });
    expect(token).not.toBe(undefined);
  });

  it('is no longer the next one, when it was published only', async () => {
    const { now, here, there, issue, verify } = await setUp();
    const first = here.signing().kid;
    const { kid: stolen } = await here.rotate();
    expect(await here.retire(stolen)).toBe(true);
    now.advance(1);
    const successor = here.signing().kid;
    expect([first, stolen]).not.toContain(successor);
    now.advance(2 * hour);
    await there.refresh();
    expect(here.signing().kid).toBe(successor);
    expect(await verify.there.verify(await issue(here))).toMatchObject({ ok: true });
  });

  it('when it only verifies any more: nothing else changes', async () => {
    const { now, here, issue, verify } = await setUp();
    const old = here.signing().kid;
    const { kid: next } = await here.rotate();
    now.advance(hour - 1_000);
    const token = await issue(here);
    now.advance(1_000);
    expect(await verify.here.verify(token)).toMatchObject({ ok: true });
    expect(await here.retire(old)).toBe(true);
    expect(await verify.here.verify(token)).toMatchObject({ ok: false });
    expect(here.signing().kid).toBe(next);
  });

  it('is retired once, of 20 commands at once; one that nobody has is none', async () => {
    const { here, there } = await setUp();
    const stolen = here.signing().kid;
    const found = await Promise.all(
      Array.from({ length: 20 }, (_, i) => (i % 2 ? here : there).retire(stolen)),
    );
    expect(found.filter(Boolean)).toHaveLength(1);
    expect(await here.retire('nobody')).toBe(false);
    expect(here.keys().filter(({ phase }) => phase === 'active')).toHaveLength(1);
  });
});
