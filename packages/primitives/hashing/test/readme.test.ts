import { randomBytes } from '@secapi/kernel';
import { expect, it } from 'vitest';
import { commonLongPasswords } from '../src/common-passwords.data.js';
import {
  createBreachCheck,
  createPasswordHasher,
  createPasswordRules,
  withBreachCheck,
} from '../src/index.js';
import { commonShortPasswords } from '../src/short-passwords.data.js';

it("does what the README's examples say", async () => {
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

  const range = async () => 'B6F0A33BBB9DE5BE5EA6B5F8C4A4E3E9C6A:3';
  const passwordRules = withBreachCheck(rules, createBreachCheck({ range, onUnavailable: 'refuse' }));
  const { signal } = new AbortController();
  expect(await passwordRules.check('seven unlikely pelicans', person, { signal })).toEqual({ ok: true });
});

it('bundles as many common passwords as the README says', () => {
  expect(`${commonLongPasswords} ${commonShortPasswords}`.split(/\s/)).toHaveLength(5_213);
});
