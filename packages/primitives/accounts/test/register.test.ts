import { describe, expect, it } from 'vitest';
import { createWorld, newPassword, password } from './support/world.js';

const email = 'alice@mail.example';

describe('register', () => {
  it('makes an account once the token of its mail is used, and only then', async () => {
    const { accounts, tokenFor, outbox, namesOf } = createWorld();
    expect(await accounts.register({ email: 'Alice@Mail.Example', password, name: 'Alice' })).toEqual({
      ok: true,
    });
    expect(await accounts.login({ email, password })).toEqual({ ok: false, reason: 'INVALID_CREDENTIALS' });
    const token = await tokenFor(email);
    expect(outbox[0]?.text).toContain(token);
    const verified = await accounts.verifyEmail({ token });
    expect(verified).toMatchObject({
      ok: true,
      account: { email, name: 'Alice', role: 'user', emailVerified: true },
    });
    expect(JSON.stringify(verified)).not.toMatch(/hash/i);
    expect(await accounts.login({ email, password })).toMatchObject({ ok: true });
    expect(namesOf()).toContain('user_created');
  });

  it('answers the same and does the same work for an address that is taken, and its mail tells which', async () => {
    const { accounts, signUp, calls, outbox } = createWorld();
    await signUp(email);
    const work = [];
    for (const address of [email, 'nobody@mail.example']) {
      calls.length = 0;
      expect(await accounts.register({ email: address, password: newPassword, name: 'A' })).toEqual({
        ok: true,
      });
      work.push([...calls]);
      await accounts.idle();
    }
    expect(work[0]?.slice(0, 2)).toEqual(['hasher.hash', 'store.addPending']);
    expect(work[1]).toEqual(work[0]);
    expect(outbox.map(({ to, token }) => [to, typeof token])).toEqual([
      [email, 'undefined'],
      ['nobody@mail.example', 'string'],
    ]);
    expect(await accounts.login({ email, password })).toMatchObject({ ok: true });
  });

  it('lets several wait for one address: the first one verified wins, the others die', async () => {
    const { accounts, outbox } = createWorld();
    const passwords = [password, newPassword, 'nine doubtful egrets'];
    for (const each of passwords) await accounts.register({ email, password: each, name: 'Alice' });
    await accounts.idle();
    const results = await Promise.all(outbox.map(({ token = '' }) => accounts.verifyEmail({ token })));
    expect(results.map(({ ok }) => ok)).toEqual([true, false, false]);
    const logins = await Promise.all(passwords.map((each) => accounts.login({ email, password: each })));
    expect(logins.map(({ ok }) => ok)).toEqual([true, false, false]);
  });

  it('completes once when 50 verifications come at the same time', async () => {
    const { accounts, tokenFor } = createWorld();
    await accounts.register({ email, password, name: 'Alice' });
    const token = await tokenFor(email);
    const results = await Promise.all(Array.from({ length: 50 }, () => accounts.verifyEmail({ token })));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(results.find(({ ok }) => !ok)).toEqual({ ok: false, reason: 'TOKEN_INVALID' });
  });

  it('lets a registration expire', async () => {
    const { accounts, tokenFor, clock } = createWorld();
    await accounts.register({ email, password, name: 'Alice' });
    const token = await tokenFor(email);
    clock.time += 86_400_000;
    expect(await accounts.verifyEmail({ token })).toEqual({ ok: false, reason: 'TOKEN_INVALID' });
  });

  it('refuses a bad password or address by value, whoever has it, and mails nobody', async () => {
    const { accounts, signUp, outbox } = createWorld();
    await signUp(email);
    for (const address of [email, 'nobody@mail.example']) {
      expect(await accounts.register({ email: address, password: 'short', name: 'A' })).toMatchObject({
        ok: false,
        reason: 'PASSWORD_TOO_SHORT',
      });
    }
    expect(await accounts.register({ email, password: 'alice and her horses', name: 'A' })).toMatchObject({
      reason: 'PASSWORD_CONTEXT_WORD',
    });
    expect(await accounts.register({ email: 'a@b@c', password, name: 'A' })).toEqual({
      ok: false,
      reason: 'EMAIL_INVALID',
    });
    await accounts.idle();
    expect(outbox).toEqual([]);
  });

  it('mails one address ten times an hour and then keeps silent, without telling, at the same work', async () => {
    const { accounts, outbox, calls, clock, namesOf } = createWorld();
    const register = () => accounts.register({ email, password, name: 'Alice' });
    for (let i = 0; i < 10; i++) await register();
    await accounts.idle();
    calls.length = 0;
    expect(await register()).toEqual({ ok: true });
    expect(calls).toEqual(['hasher.hash', 'store.addPending']);
    await accounts.idle();
    expect(outbox).toHaveLength(10);
    expect(namesOf()).toContain('excess_rate_limit_exceeded');
    await accounts.register({ email: 'bob@mail.example', password, name: 'Bob' });
    clock.time += 3_600_000;
    await register();
    await accounts.idle();
    expect(outbox.map(({ to }) => to).slice(10)).toEqual(['bob@mail.example', email]);
  });

  it('notes a registration beyond the budget as already expired, so that none piles up', async () => {
    const lifetimes: number[] = [];
    const { accounts } = createWorld(({ store }) => ({
      store: {
        ...{ findByEmail: (address) => store.findByEmail(address), findById: (id) => store.findById(id) },
        ...{ create: (account) => store.create(account) },
        setPasswordHash: (...input) => store.setPasswordHash(...input),
        completePending: (...input) => store.completePending(...input),
        async addPending(pending) {
          lifetimes.push(pending.expiresAt - pending.createdAt);
        },
      },
      mailBudget: { limit: 1 },
    }));
    for (let i = 0; i < 3; i++) await accounts.register({ email, password, name: 'Alice' });
    expect(lifetimes).toEqual([86_400_000, 0, 0]);
  });

  it('answers although the mail could not be sent, and reports why', async () => {
    const failure = new Error('out of reach');
    const { accounts, errors } = createWorld(() => ({ mailer: { send: () => Promise.reject(failure) } }));
    expect(await accounts.register({ email, password, name: 'Alice' })).toEqual({ ok: true });
    await accounts.idle();
    expect(errors).toEqual([failure]);
  });

  it('answers before a slow mailer has sent anything', async () => {
    let release = () => {};
    const slow = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { accounts, signUp } = createWorld(({ mailer }) => ({
      mailer: { send: (mail) => (mail.to.startsWith('slow') ? slow : mailer.send(mail)) },
    }));
    await signUp(email);
    expect(await accounts.register({ email: 'slow@mail.example', password, name: 'S' })).toEqual({
      ok: true,
    });
    release();
    await accounts.idle();
  });
});
