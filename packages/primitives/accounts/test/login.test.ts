import { describe, expect, it } from 'vitest';
import { scryptHasher } from './support/parts.js';
import { createWorld, newPassword, password } from './support/world.js';

const email = 'alice@mail.example';
const refused = { ok: false, reason: 'INVALID_CREDENTIALS' };

describe('login', () => {
  it('opens a session with tokens and a device cookie, and shows no hash', async () => {
    const { accounts, signUp, accepts, namesOf } = createWorld();
    const id = await signUp();
    const result = await accounts.login({
      email: 'ALICE@mail.example',
      password,
      client: { address: '192.0.2.1', userAgent: 'Browser', requestId: 'r1' },
    });
    expect(result).toMatchObject({
      ok: true,
      account: { id, email },
      session: { subject: id, device: { address: '192.0.2.1', userAgent: 'Browser' } },
      expiresIn: 900,
      deviceCookie: { maxAge: 180 * 86_400 },
    });
    expect(JSON.stringify(result)).not.toMatch(/hash/i);
    expect(result.ok && accepts(result.accessToken)).toBe(true);
    expect(namesOf()).toEqual(['authn_login_success', 'session_created']);
  });

  it('does the same for no such account, a wrong password, a lock and a registration that waits', async () => {
    const { accounts, signUp, guess, calls } = createWorld();
    await signUp();
    await signUp('locked@mail.example');
    await guess(5, 'locked@mail.example');
    await accounts.register({ email: 'waiting@mail.example', password, name: 'W' });
    await accounts.idle();
    const paths = {
      'no such account': { email: 'nobody@mail.example', password },
      'not even an address': { email: 'no address', password },
      'a wrong password': { email, password: newPassword },
      'a wrong password while locked': { email: 'locked@mail.example', password: newPassword },
      'the right password while locked': { email: 'locked@mail.example', password },
      'a registration that waits': { email: 'waiting@mail.example', password },
      'a forged device cookie': { email: 'nobody@mail.example', password, deviceCookie: 'a.b.1.c' },
    };
    for (const [name, input] of Object.entries(paths)) {
      calls.length = 0;
      expect(await accounts.login(input), name).toEqual(refused);
      expect(calls, name).toEqual(['store.findByEmail', 'hasher.verify', 'lockout.attempt']);
    }
  });

  it('says in events what it does not say to the client', async () => {
    const { accounts, signUp, guess, events } = createWorld();
    const id = await signUp();
    await accounts.login({ email: 'nobody@mail.example', password });
    await guess(5);
    await accounts.login({ email, password, client: { address: '192.0.2.9', requestId: 'r9' } });
    const summary = events.map(({ event, target, details }) => [event, target, details?.reason]);
    expect(summary).toEqual([
      ['authn_login_fail', undefined, 'unknown_account'],
      ...Array(5).fill(['authn_login_fail', id, 'wrong_password']),
      ['authn_login_lock', id, undefined],
      ['authn_login_fail', id, 'locked'],
    ]);
    expect(events.at(-1)).toMatchObject({ address: '192.0.2.9', requestId: 'r9', outcome: 'failure' });
  });

  it('upgrades an outdated hash, even when 20 logins do so at once', async () => {
    const { accounts, options, signIn } = createWorld();
    const passwordHash = await scryptHasher(1).hash(password);
    const account = { id: 'a', email, name: 'Alice', role: 'user', emailVerified: true, createdAt: 0 };
    await options.store.create({ ...account, passwordHash });
    const results = await Promise.all(Array.from({ length: 20 }, () => accounts.login({ email, password })));
    expect(results.every(({ ok }) => ok)).toBe(true);
    expect((await options.store.findById('a'))?.passwordHash).toMatch(/^2:/);
    await signIn();
  });

  it('leaves no session behind when the password is reset while it is under way', async () => {
    const world = createWorld((parts) => ({
      sessions: {
        ...parts.sessions,
        list: parts.sessions.list,
        rotate: parts.sessions.rotate,
        find: parts.sessions.find,
        revoke: parts.sessions.revoke,
        revokeAll: parts.sessions.revokeAll,
        // The reset begins and ends between the verification and the start of the session.
        async start(input) {
          await race?.();
          return parts.sessions.start(input);
        },
      },
    }));
    let race: (() => Promise<void>) | undefined;
    const { accounts, signUp, tokenFor, options } = world;
    const id = await signUp();
    await accounts.requestPasswordReset({ email });
    const token = await tokenFor(email);
    race = async () => {
      race = undefined;
      expect(await accounts.confirmPasswordReset({ token, password: newPassword })).toEqual({ ok: true });
    };
    expect(await accounts.login({ email, password })).toEqual(refused);
    expect(await options.sessions.list(id)).toEqual([]);
    expect(await accounts.login({ email, password: newPassword })).toMatchObject({ ok: true });
  });

  it('does not let an upgrade of the hash overwrite a password that was changed meanwhile', async () => {
    const world = createWorld((parts) => ({
      hasher: {
        hash: (text) => parts.hasher.hash(text),
        async verify(text, hash) {
          const verdict = await parts.hasher.verify(text, hash);
          await race?.();
          return { ...verdict, needsRehash: verdict.ok };
        },
      },
    }));
    let race: (() => Promise<void>) | undefined;
    const id = await world.signUp();
    race = async () => {
      race = undefined;
      await world.options.store.setPasswordHash(id, await scryptHasher().hash(newPassword), 0);
    };
    expect(await world.accounts.login({ email, password })).toEqual(refused);
    expect(await world.accounts.login({ email, password })).toEqual(refused);
    expect(await world.accounts.login({ email, password: newPassword })).toMatchObject({ ok: true });
  });

  it('counts no attempt against anybody when the hasher is busy', async () => {
    const busy = Object.assign(new Error('busy'), { code: 'HASHING_BUSY' });
    let full = false;
    const { accounts, signUp, calls, signIn } = createWorld((parts) => ({
      hasher: {
        hash: (text) => parts.hasher.hash(text),
        verify: (text, hash) => (full ? Promise.reject(busy) : parts.hasher.verify(text, hash)),
      },
    }));
    await signUp();
    full = true;
    for (let i = 0; i < 20; i++) await expect(accounts.login({ email, password })).rejects.toBe(busy);
    expect(calls).not.toContain('lockout.attempt');
    full = false;
    await signIn();
  });

  it('refuses to hand out tokens that outlive their revocation', async () => {
    const { accounts, signUp } = createWorld((parts) => ({
      revocationPeriod: '10m',
      issuer: {
        async issue(input) {
          return { ...(await parts.issuer.issue(input)), expiresIn: 3_600 };
        },
      },
    }));
    await signUp();
    await expect(accounts.login({ email, password })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});
