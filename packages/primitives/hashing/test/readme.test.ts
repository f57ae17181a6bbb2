import { randomBytes } from '@secapi/kernel';
import { expect, it } from 'vitest';
import { createPasswordHasher, createPasswordRules } from '../src/index.js';

it("does what the README's example says", async () => {
  const rules = createPasswordRules({ contextWords: ['Example Corp'] });
  const hasher = createPasswordHasher({ pepper: [{ id: 'k1', key: randomBytes(32) }] });
  const person = ['alice@mail.example', 'Alice'];
  expect(rules.check('seven unlikely pelicans', person)).toEqual({ ok: true });
  expect(rules.check('passwordpassword', person)).toMatchObject({ ok: false, code: 'PASSWORD_TOO_COMMON' });
  const hash = await hasher.hash('seven unlikely pelicans');
  expect(await hasher.verify('seven unlikely pelicans', hash)).toEqual({ ok: true, needsRehash: false });
  expect(await hasher.verify('seven unlikely pelicans', undefined)).toEqual({
    ok: false,
    needsRehash: false,
  });
});
