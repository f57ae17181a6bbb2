import { performance } from 'node:perf_hooks';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../src/index.js';

const { text } = createRedactor();
const jwt = 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJjYW5hcnkifQ.Y2FuYXJ5LWNhbmFyeQ';

describe('free text', () => {
  it.each([
    ['a bearer token', 'sent Bearer canary-abc_123.x~y now', 'sent Bearer [redacted] now'],
    ['a bearer token in any case', 'sent bEaReR canarycanary now', 'sent bEaReR [redacted] now'],
    ['an encoded one', 'q=Bearer%20canary123456', 'q=Bearer%20[redacted]'],
    ['basic credentials', 'Basic Y2FuYXJ5OmNhbmFyeQ==', 'Basic [redacted]'],
    ['a JWT', `got ${jwt}, refused`, 'got [redacted], refused'],
    ['an assignment', 'login password=canary1 user=ada', 'login password=[redacted] user=ada'],
    ['an assignment with a colon', 'password: canary1, user: ada', 'password: [redacted], user: ada'],
    ['an assignment in quotes', 'password="canary \\" canary" user=ada', 'password="[redacted]" user=ada'],
    ['single quotes', "secret='canary canary' x", "secret='[redacted]' x"],
    ['an odd password', "password=ca)na,r'y user=ada", 'password=[redacted] user=ada'],
    ['a colon inside quotes', 'msg: "user password=canary"', 'msg: "user password=[redacted]"'],
    [
      'a query',
      '/x?id=1&access_token=canary&b=2#refresh_token=canary',
      '/x?id=1&access_token=[redacted]&b=2#refresh_token=[redacted]',
    ],
    ['a form', 'user[password]=canary&a=b', 'user[password]=[redacted]&a=b'],
    ['an encoded form', 'user%5Bpassword%5D=canary', 'user%5Bpassword%5D=[redacted]'],
    ['words', 'api key: canary, private key = canary', 'api key: [redacted], private key = [redacted]'],
    [
      'JSON in a text',
      'body {"user":"ada","password":"canary","n":1}',
      'body {"user":"ada","password":"[redacted]","n":1}',
    ],
    [
      'escaped JSON in a text',
      'body {\\"password\\":\\"can\\\\\\"ary\\",\\"n\\":1}',
      'body {\\"password\\":\\"[redacted]\\",\\"n\\":1}',
    ],
    ['a list in a text', 'tokens: ["canary","canary"] and id: 7', 'tokens: [redacted] and id: 7'],
    ['a whole JSON text', '{"a":{"password":"canary","b":[1]}}', '{"a":{"password":"[redacted]","b":[1]}}'],
    ['a header', 'Authorization: Bearer canary12 x', 'Authorization: [redacted] x'],
    ['Digest', 'Authorization: Digest username="ada", response="canary"', 'Authorization: [redacted]'],
    ['cookies', 'Cookie: a=canary; b=canary\nHost: x', 'Cookie: [redacted]\\nHost: x'],
    ['a flag', 'mysql --password canary --host db', 'mysql --password [redacted] --host db'],
    [
      'a connection string',
      'at postgres://ada:can:ary@db.local:5432/app?x=1 failed',
      'at postgres://[redacted]@db.local:5432/app?x=1 failed',
    ],
    ['one with odd characters', 'redis://:can/ar#y?@db:6379', 'redis://[redacted]@db:6379'],
    ['one with two @', 'mongodb+srv://u:can@ary@h/d', 'mongodb+srv://[redacted]@h/d'],
    ['a URL with credentials', 'https://ada:canary@example.com/p', 'https://[redacted]@example.com/p'],
    [
      'a URL with a token',
      'git clone https://canarycanary@github.com/a/b',
      'git clone https://[redacted]@github.com/a/b',
    ],
    ['a card', 'paid with 4111 1111 1111 1111 12/27', 'paid with [redacted] 12/27'],
    ['a card in one run', 'pan 5555555555554444.', 'pan [redacted].'],
    ['an American Express card', '3782-822463-10005', '[redacted]'],
    ['an AWS key', 'key AKIAIOSFODNN7EXAMPLE used', 'key [redacted] used'],
    ['a GitHub token', 'ghp_0123456789abcdefghij0123456789abcdef', '[redacted]'],
    ['a Stripe key', 'sk_live_4eC39HqLyjWDarjtT1zdp7dc', '[redacted]'],
    ['a Slack token', 'xoxb-123456789012-abcdefghijkl', '[redacted]'],
    ['a Google key', 'AIzaSyA1234567890abcdefghijklmnopqrstuv', '[redacted]'],
  ])('loses %s', (_title, before, after) => {
    expect(text(before)).toBe(after);
  });

  it.each([
    ['a PEM key', '-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----'],
    ['a PEM key of any kind', '-----BEGIN RSA PRIVATE KEY-----\\ncanary\\n-----END RSA PRIVATE KEY-----'],
    ['a PEM key cut off', 'x -----BEGIN OPENSSH PRIVATE KEY-----\ncanary\ncanary'],
    [
      'a PEM key that is assigned',
      'privateKey=-----BEGIN EC PRIVATE KEY-----\ncanary\n-----END EC PRIVATE KEY-----',
    ],
  ])('loses %s', (_title, before) => {
    expect(text(before)).not.toContain('canary');
    expect(text(before)).toContain('[redacted]');
  });

  it.each([
    'the bearer token is missing',
    'WWW-Authenticate: Bearer error="invalid_token"',
    'basic authentication is off',
    'Basic usage of the thing',
    'JsonWebTokenError: jwt malformed',
    '    at verify (file:///app/src/token.ts:10:5)',
    'tokenType=Bearer',
    'expiresIn: 900',
    'id 018f3a5e-7b1c-7c3d-9e2f-1a2b3c4d5e6f at 2026-01-31T12:00:00.000Z',
    '1732430000000 1732430000000000 4111111111111112 12345678901234567890',
    'https://example.com/a?email=ada@example.com',
    'mailto:ada@example.com',
    '-----BEGIN CERTIFICATE-----MIIB-----END CERTIFICATE-----',
    '-----BEGIN PUBLIC KEY-----MIIB-----END PUBLIC KEY-----',
    'eyJhIjoxfQ',
    'password: null, token=undefined, hasToken: true',
    '{"a":1,  "b":[2]}',
    '[not json}',
  ])('keeps what is no secret: %s', (harmless) => {
    expect(text(harmless)).toBe(harmless);
  });

  it('leaves a UUID as it is, whose digits pass for a card number, and masks that number alone', () => {
    expect(createRedactor().text('requestId 68484032-4431-40e3-afc1-4c7533322dfa')).toBe(
      'requestId 68484032-4431-40e3-afc1-4c7533322dfa',
    );
    expect(createRedactor().text('card 4242-4242-4242-4242')).toBe('card [redacted]');
  });

  it('masks nothing twice and stays as it is the second time', () => {
    const before = `Authorization: Bearer ${jwt}; password=canary; postgres://a:b@c/d; Cookie: a=b`;
    expect(text(text(before))).toBe(text(before));
  });

  it('is cut to its limit, with a secret across the cut masked', () => {
    const short = createRedactor({ maxText: 64 });
    const cut = short.text(`${'x '.repeat(20)}password=canarycanarycanarycanarycanary ${'y'.repeat(100)}`);
    expect(cut).not.toContain('canary');
    expect(cut).toMatch(/… \[\d+ more characters\]$/);
    expect(cut.length).toBeLessThan(100);
  });

  it('lets no secret through, whatever stands around it', () => {
    const around = fc.string({ maxLength: 40 }).filter((each) => !/["'`\\]/.test(each));
    const secret = fc.stringMatching(/^[a-z0-9]{4,12}$/).map((each) => `canary${each}`);
    fc.assert(
      fc.property(around, secret, around, (before, value, after) => {
        for (const written of [
          `${before} Bearer ${value}9 ${after}`,
          `${before} password=${value} ${after}`,
          `${before} {"apiKey":"${value}"} ${after}`,
          `${before} mysql://u:${value}@h/d ${after}`,
        ]) {
          expect(text(written)).not.toContain(value);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('takes linear time on what is made to be slow', () => {
    const unit = [
      'eyJ',
      'a.',
      '://',
      'postgres://',
      '-----BEGIN A',
      '1 ',
      '4111 ',
      'a b',
      '\\"',
      'password',
      'bearer ',
      '[{',
      ' --a',
      'Cookie: a',
      'a=;',
      '\\',
      ' ',
      '"\'',
      'x:',
      '@',
    ];
    for (const each of unit) {
      const long = each.repeat(Math.ceil(16_000 / each.length));
      const from = performance.now();
      text(long);
      text(`password: ${long}`);
      text(`{"a":${long}`);
      // Quadratic work on 16,000 characters takes seconds; this is linear work with much room for a busy machine.
      expect(performance.now() - from, each).toBeLessThan(1_500);
    }
  });
});
