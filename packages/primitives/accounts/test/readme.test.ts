import { randomBytes } from '@secapi/kernel';
import { expect, it } from 'vitest';
import { createAccounts, type Mail, memoryAccountStore } from '../src/index.js';
import {
  memoryOneTime,
  memoryRevocations,
  memorySessions,
  plainIssuer,
  rules,
  scryptHasher,
} from './support/parts.js';

it("does what the README's example says, with the defaults", async () => {
  const outbox: Mail[] = [];
  const accounts = createAccounts({
    store: memoryAccountStore(),
    hasher: scryptHasher(),
    passwordRules: rules,
    sessions: memorySessions(Date.now),
    issuer: plainIssuer(Date.now),
    oneTime: memoryOneTime(Date.now),
    revocations: memoryRevocations(Date.now).store,
    mailer: { send: async (mail) => void outbox.push(mail) },
    devices: { key: randomBytes(32) },
  });
  const [email, password] = ['alice@mail.example', 'seven unlikely pelicans'];
  expect(await accounts.register({ email, password, name: 'Alice' })).toEqual({ ok: true });
  await accounts.idle();
  const { token = '' } = outbox[0] ?? {};
  expect(await accounts.verifyEmail({ token })).toMatchObject({ ok: true });
  expect(await accounts.login({ email, password })).toMatchObject({ ok: true });
  expect(await accounts.login({ email, password: 'a wrong guess of it' })).toEqual({
    ok: false,
    reason: 'INVALID_CREDENTIALS',
  });
});
