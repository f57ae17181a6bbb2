import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { jwks, keyBytes, readSecrets, type SecretField, secretText } from '../src/index.js';

function problemOf(field: SecretField<unknown>, text: string): string {
  try {
    readSecrets({ KEY: field }, { env: { KEY: text } });
    return '';
  } catch (error) {
    const { message } = error as Error;
    expect(message).not.toContain(text);
    return message;
  }
}

describe('a secret that stands in a documentation is refused', () => {
  it.each([
    'a-string-secret-at-least-256-bits-long',
    'A STRING SECRET AT LEAST 256 BITS LONG',
    'prod-a-string-secret-at-least-256-bits-long-1',
    'your-256-bit-secret-your-256-bit-secret',
    'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow',
    '192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf',
    '09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7',
    '09D25E094FAA6CA2556C818166B7A9563B93F7099F6F0F4CAA6CF63B88E8D3E7',
    '404E635266556A586E3272357538782F413F4428472B4B6250645367566B5970',
    'complex_password_at_least_32_characters_long',
    'averylogphrasebiggerthanthirtytwochars',
    'a secret with minimum length of 32 characters',
    '!wsYhFA*C2U6nz=Bu^%A@^F#SF3&kSR6',
    'SomeRandomStringWith32Characters',
    'django-insecure-k3jf9w2m8x7q1z5v4b6n0p3r7t9y2u4i6o8a1s3d5f7g',
    'super-secret-jwt-token-with-at-least-32-characters-long',
  ])('%s', (text) => {
    expect(problemOf(secretText(), text)).toMatch(/well-known example|follows a pattern/);
  });

  it('also as a key, and as a private key of a standard', () => {
    const hex = '09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7';
    expect(problemOf(keyBytes({ encoding: 'hex' }), hex)).toMatch(/well-known example/);
    const k = 'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow';
    expect(problemOf(keyBytes(), k)).toMatch(/well-known example/);
    const keys = [
      { kty: 'oct', k, alg: 'HS256' },
      { kty: 'OKP', crv: 'Ed25519', x: 'x', d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A' },
      { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', d: 'jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI' },
      {
        kty: 'RSA',
        n: 'ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEz',
        d: 'd',
      },
    ];
    for (const key of keys) expect(problemOf(jwks(), JSON.stringify(key))).toMatch(/well-known example/);
  });
});

const sixteen = randomBytes(16);

describe('a secret that follows a pattern is refused', () => {
  it.each([
    ['a walk over the keyboard', 'qwertyuiopasdfghjklzxcvbnm1234567890'],
    ['a walk in columns', '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p'],
    ['a walk with shift', '!@#$%^&*()QWERTYUIOPasdfghjkl;zxcvbn'],
    ['a walk on another keyboard', 'azertyuiopqsdfghjklmwxcvbn0123456789'],
    ['runs of one character', 'aaaabbbbccccddddeeeeffffgggghhhhiiii'],
    ['a short text again and again, with changes', 'abcabcabdabcabeabcabfabcabgabcabhabc'],
    ['a long text again', 'Xk29fQpa7LmZ'.repeat(4)],
    ['counting', '1011121314151617181920212223242526'],
    ['the alphabet backwards', 'zyxwvutsrqponmlkjihgfedcba9876543210'],
  ])('%s', (_title, text) => {
    expect(problemOf(secretText(), text)).toMatch(
      /follows a pattern that leaves about \d+ of 100 bits|well-known/,
    );
  });

  it.each<[string, number[]]>([
    ['zeros', new Array(32).fill(0)],
    ['ones', new Array(32).fill(255)],
    ['counting down', Array.from({ length: 32 }, (_, i) => 200 - i)],
    ['half random, half zeros', [...randomBytes(16), ...new Array(16).fill(0)]],
    ['sixteen bytes twice', [...sixteen, ...sixteen]],
  ])('bytes: %s', (_title, given) => {
    expect(problemOf(keyBytes(), Buffer.from(given).toString('base64'))).toMatch(/pattern|repeats|example/);
  });

  it('unless it is random, however short it may be', () => {
    for (let i = 0; i < 3_000; i++) {
      expect(problemOf(secretText(), randomBytes(16).toString('hex'))).toBe('');
      expect(problemOf(keyBytes({ min: 16 }), randomBytes(16).toString('base64url'))).toBe('');
      expect(problemOf(keyBytes(), randomBytes(32).toString('base64'))).toBe('');
    }
  });

  it('by more than it must leave, where more is asked for', () => {
    const text = randomBytes(16).toString('hex');
    expect(problemOf(secretText({ bits: 200 }), text)).toMatch(/of 200 bits/);
    expect(() => secretText({ bits: 1 })).toThrow(/secretText\.bits/);
  });

  it('in no time, however long it is', () => {
    for (const text of [
      'ab'.repeat(32_000),
      randomBytes(24_000).toString('base64'),
      'a1'.repeat(4) + '-'.repeat(60_000),
    ]) {
      const start = performance.now();
      problemOf(secretText(), text);
      expect(performance.now() - start).toBeLessThan(200);
    }
  });
});
