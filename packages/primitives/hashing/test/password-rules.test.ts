import { ConfigError } from '@secapi/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commonLongPasswords } from '../src/common-passwords.data.js';
import { createPasswordRules, type PasswordRulesOptions } from '../src/index.js';
import { commonShortPasswords } from '../src/short-passwords.data.js';

const rules = createPasswordRules({ contextWords: ['secapi', 'Example Corp'] });
const codeOf = (password: string, context?: string[]) => {
  const verdict = rules.check(password, context);
  return verdict.ok ? 'ok' : verdict.code;
};

describe('length', () => {
  it.each([
    ['14 characters', 'vexed wombat 7', 'PASSWORD_TOO_SHORT'],
    ['15 characters', 'vexed wombats 7', 'ok'],
    ['14 emoji in 28 UTF-16 units', '🐌🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵🐔🐧🐦', 'PASSWORD_TOO_SHORT'],
    ['15 emoji', '🐌🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵🐔🐧🐦🦆', 'ok'],
    ['15 code points that NFC makes 14', 'vexed wombate\u0301 7'.slice(0, 15), 'PASSWORD_TOO_SHORT'],
    ['nothing', '', 'PASSWORD_TOO_SHORT'],
    ['a megabyte', 'kz'.repeat(524_288), 'PASSWORD_TOO_LONG'],
  ])('counts code points: %s', (_name, password, code) => {
    expect(codeOf(password)).toBe(code);
  });

  it('allows 256 and no more by default', () => {
    const long = Array.from({ length: 256 }, (_, i) => String.fromCharCode(33 + ((i * i * 7 + i) % 90))).join(
      '',
    );
    expect(codeOf(long)).toBe('ok');
    expect(codeOf(`${long}x`)).toBe('PASSWORD_TOO_LONG');
  });
});

it.each([
  'correct horse battery staple',
  'seven unlikely pelicans',
  'Tr0ub4dor&3-Tr1angle',
  'ünïcödé für älle leute',
  'пароль совсем не простой',
  '                spaces count  ok',
  'alllowercaselettershere',
  '83019 47265 91038',
  'dragon sunshine parking orbit',
  'kq8#Vz!m2Lr@9wXe',
])('lets through an honest one: %s', (password) => {
  expect(codeOf(password, ['alice@mail.example', 'Alice Jones'])).toBe('ok');
});

describe('common passwords', () => {
  it('refuses each of the bundled ones, more than 3,000, in any case', () => {
    const list = commonLongPasswords.split(/\s/);
    expect(new Set(list).size).toBeGreaterThan(3_000);
    for (const password of list) {
      expect(codeOf(password), password).toBe('PASSWORD_TOO_COMMON');
      expect(codeOf(password.toUpperCase()), password).toBe('PASSWORD_TOO_COMMON');
    }
  });

  it.each([
    'aaaaaaaaaaaaaaa',
    'abcabcabcabcabcab',
    'password password',
    'Password-Password-Password',
    'passwordpassword12',
    'Password1234567',
    'P@ssw0rd1234567!',
    'p455w0rdp455w0rd',
    '123456789012345',
    '987654321098765',
    'abcdefghijklmnop',
    'qwertyuiopasdfg',
    'mnbvcxzlkjhgfdsa',
    '1q2w3e4r5t6y7u8i',
    'qwerty1234567890',
    '1234567890!@#$%',
    'Welcome2024Welcome',
    'iloveyou20242025',
    'sunsh1ne-2023-2024',
    'W3lcome to 2025!!!',
    'dragonprincess1',
    'sunshinemonkey99',
    'x9Kf2!x9Kf2!x9Kf2!',
    '🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊',
    'ｐａｓｓｗｏｒｄｐａｓｓｗｏｒｄ',
  ])('refuses one made like them: %s', (password) => {
    expect(codeOf(password)).toBe('PASSWORD_TOO_COMMON');
  });

  it('refuses every short text repeated, wherever it is cut', () => {
    const unit = fc.string({ minLength: 1, maxLength: 14, unit: 'grapheme-ascii' });
    fc.assert(
      fc.property(unit, fc.integer({ min: 28, max: 40 }), (text, length) => {
        const password = text.repeat(120).slice(0, length);
        expect(codeOf(password)).toBe('PASSWORD_TOO_COMMON');
      }),
      { numRuns: 300 },
    );
  });

  it('lets through forms that are longer than any list, so that length alone counts there', () => {
    expect(codeOf('x'.repeat(15))).toBe('PASSWORD_TOO_COMMON');
    expect(codeOf(`${'x'.repeat(72)}A`)).toBe('ok');
  });

  it('lets through random passwords', () => {
    const char = fc.integer({ min: 97, max: 122 }).map((code) => String.fromCharCode(code));
    fc.assert(
      fc.property(fc.string({ unit: char, minLength: 20, maxLength: 60 }), (password) => {
        fc.pre(new Set(password).size >= 10);
        expect(codeOf(password)).toBe('ok');
      }),
      { numRuns: 300, seed: 7 },
    );
  });
});

describe('context words', () => {
  it.each([
    ['alice.anderson1', ['alice.anderson@mail.example']],
    ['Alice Anderson 99', ['aa@mail.example', 'Alice Anderson']],
    ['A-n-d-e-r-s-o-n-Alice', ['aa@mail.example', 'Alice Anderson']],
    ['SecAPI for Secapi', []],
    ['examplecorp 2024!', []],
    ['alice@mail.example', ['alice@mail.example']],
  ])('refuses %s', (password, context) => {
    expect(codeOf(password, context)).toBe('PASSWORD_CONTEXT_WORD');
  });

  it('lets a passphrase through in which a name happens to stand', () => {
    expect(codeOf('alice eats purple clouds', ['alice@mail.example', 'Alice'])).toBe('ok');
    expect(codeOf('bo bought eleven tugs', ['bo@x.example', 'Bo'])).toBe('ok');
  });
});

describe('with a second factor', () => {
  const short = createPasswordRules({ secondFactor: true });
  const ofShort = (password: string) => {
    const verdict = short.check(password);
    return verdict.ok ? 'ok' : verdict.code;
  };

  it.each([
    ['vexed wo', 'ok'],
    ['kq8#Vz!m', 'ok'],
    ['vexed w', 'PASSWORD_TOO_SHORT'],
    ['P4ssw0rd', 'PASSWORD_TOO_COMMON'],
    ['dragon12', 'PASSWORD_TOO_COMMON'],
    ['20240131', 'PASSWORD_TOO_COMMON'],
    ['godsmack', 'PASSWORD_TOO_COMMON'],
  ])('eight characters are enough, and common ones are not: %s', (password, code) => {
    expect(ofShort(password)).toBe(code);
  });

  it('refuses each of the bundled ones of 8 to 14 characters', () => {
    const list = commonShortPasswords.split(/\s/);
    expect(new Set(list).size).toBeGreaterThan(2_000); // with what is known by its form, more than 3,000 of the list
    for (const password of list) expect(ofShort(password), password).toBe('PASSWORD_TOO_COMMON');
  });

  it('may still ask for more', () => {
    const rules = createPasswordRules({ secondFactor: true, minLength: 12 });
    expect(rules.check('olive wombat')).toEqual({ ok: true });
    expect(rules.check('olive womba')).toMatchObject({ code: 'PASSWORD_TOO_SHORT' });
  });

  it('is what a shorter password asks for, in the message to the developer', () => {
    expect(() => createPasswordRules({ minLength: 8 })).toThrow(/secondFactor: true/);
  });
});

it('refuses half a surrogate pair, of which all look alike in UTF-8', () => {
  expect(codeOf('long enough but \ud83d')).toBe('PASSWORD_INVALID');
});

it('never repeats the password, whatever it is', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 6, maxLength: 300, unit: 'binary' }), (password) => {
      const verdict = rules.check(password);
      if (!verdict.ok) expect(verdict.message).not.toContain(password);
    }),
  );
});

it('judges in linear time', () => {
  const start = performance.now();
  for (let i = 0; i < 50; i++) {
    codeOf(`${'1q2w3e4r5t'.repeat(25)}x${i}`);
    codeOf('passwor'.repeat(36), ['a'.repeat(10_000), 'x@'.repeat(5_000)]);
  }
  expect(performance.now() - start).toBeLessThan(2_000);
});

it.each<[string, object]>([
  ['passwordRules.minLenght', { minLenght: 15 }],
  ['passwordRules.minLength', { minLength: 6 }],
  ['passwordRules.minLength', { minLength: 6, secondFactor: true }],
  ['passwordRules.minLength', { minLength: 14 }],
  ['passwordRules.minLength', { minLength: 8, secondFactor: false }],
  ['passwordRules.secondFactor', { secondFactor: 'yes' }],
  ['passwordRules.maxLength', { maxLength: 64 }],
  ['passwordRules.contextWords', { contextWords: ['ab'] }],
  ['passwordRules.contextWords', { contextWords: 'secapi' }],
])('refuses to be built with a wrong %s', (option, options) => {
  expect(() => createPasswordRules(options as PasswordRulesOptions)).toThrow(ConfigError);
  expect(() => createPasswordRules(options as PasswordRulesOptions)).toThrow(
    expect.objectContaining({ option }),
  );
});
