import { describe, expect, it } from 'vitest';
import { createRedactor } from '../src/index.js';

const redactor = createRedactor();
const masked = (key: string, value: unknown = 'canary-value') =>
  (redactor.redact({ [key]: value }) as Record<string, unknown>)[key] === '[redacted]';

describe('a key', () => {
  it.each(['password', 'token', 'secret', 'creditCard', 'resetToken'])(
    "of the article's list is masked: %s",
    (key) => {
      expect(masked(key)).toBe(true);
    },
  );

  it.each([
    ...[
      'Password',
      'PASSWORD',
      'user_password',
      'userPassword',
      'USER-PASSWORD',
      'pass_word',
      'passwd',
      'pwd',
      'pass',
    ],
    ...[
      'passwordHash',
      'passwordhash',
      'newPassword',
      'current_password',
      'dbpassword',
      'DB_PASS',
      'passphrase',
    ],
    ...[
      'accessToken',
      'access_token',
      'ACCESSTOKEN',
      'accesstoken',
      'x-auth-token',
      'idToken',
      'tokenDigest',
      'jwt',
    ],
    ...[
      'refreshTokens',
      'csrfToken',
      '_csrf',
      'xsrf',
      'clientSecret',
      'client_secret',
      'SECRET',
      'secretKey',
    ],
    ...[
      'authorization',
      'Authorization',
      'proxy-authorization',
      'cookie',
      'Set-Cookie',
      'setCookie',
      'cookies',
    ],
    ...[
      'apiKey',
      'api_key',
      'API-KEY',
      'api key',
      'apikey',
      'x-api-key',
      'X_API_KEY',
      'apiKeys',
      'private key',
    ],
    ...['privateKey', 'PRIVATE_KEY', 'signingKeys', 'SIGNING_KEYS', 'encryption_key', 'awsSecretAccessKey'],
    ...[
      'credit card',
      'credit_card_number',
      'cardNumber',
      'card-number',
      'cvv',
      'CVC',
      'ssn',
      'SSN',
      'pin',
      'otp',
    ],
    ...[
      'pepper',
      'PASSWORD_PEPPER',
      'session',
      'sessionId',
      'session_id',
      'sid',
      'connect.sid',
      'sessionToken',
    ],
    ...[
      'credentials',
      'code_verifier',
      'client_assertion',
      'recoveryCodes',
      'connectionString',
      'user[password]',
    ],
    ...['ｐａｓｓｗｏｒｄ', 'pass\u200bword', 'tokens', `${'x'.repeat(300)}Password`],
  ])('that names a secret is masked: %s', (key) => {
    expect(masked(key)).toBe(true);
  });

  it.each([
    ...[
      'tokenType',
      'token_type',
      'expiresIn',
      'passwordChangedAt',
      'password_changed_at',
      'passwordchangedat',
    ],
    ...[
      'tokentype',
      'tokenExpiresAt',
      'tokenId',
      'keyId',
      'apiKeyId',
      'hasPassword',
      'isTokenValid',
      'maxTokens',
    ],
    ...[
      'passwordLength',
      'passwordPolicy',
      'cookieName',
      'tokenEndpoint',
      'secretary',
      'tokenizer',
      'passwordless',
    ],
    ...[
      'sessionCount',
      'sessionTimeout',
      'authorizationEndpoint',
      'key',
      'keys',
      'author',
      'authored',
      'monkey',
    ],
    ...[
      'passenger',
      'compass',
      'bypass',
      'pinned',
      'shipping',
      'side',
      'inside',
      'company',
      'public_key',
      'email',
    ],
    ...[
      'name',
      'id',
      'role',
      'statusCode',
      'code',
      'requestId',
      '',
      '_',
      '$',
      'card',
      'credit',
      'description',
    ],
    ...['toString', 'constructor', 'hasOwnProperty'],
  ])('that only sounds like one is not: %s', (key) => {
    expect(masked(key)).toBe(false);
  });

  it('masks whatever stands under it, but not an absence or a yes or no', () => {
    for (const value of ['', 'x', 1_234, { a: 1 }, ['x'], new Map(), 10n])
      expect(masked('password', value)).toBe(true);
    for (const value of [null, true, false]) expect(masked('password', value)).toBe(false);
    expect(redactor.redact({ password: undefined })).toEqual({});
  });

  it('in the plural counts rather than names, when it is a number', () => {
    expect(redactor.redact({ tokens: 1_500, sessions: 3 })).toEqual({ tokens: 1_500, sessions: 3 });
    expect(redactor.redact({ tokens: ['abc'] })).toEqual({ tokens: '[redacted]' });
  });

  it('can be added, and is matched as loosely', () => {
    const own = createRedactor({ keys: ['iban', 'dateOfBirth'] });
    expect(
      own.redact({ IBAN: 'x', date_of_birth: 'x', user: { userIban: 'x' }, urban: 'x', birth: 'x' }),
    ).toEqual({
      IBAN: '[redacted]',
      date_of_birth: '[redacted]',
      user: { userIban: '[redacted]' },
      urban: 'x',
      birth: 'x',
    });
    expect(own.text('iban=DE123 urban=x')).toBe('iban=[redacted] urban=x');
  });

  it('is masked itself when it holds a secret', () => {
    const line = redactor.stringify({ 'Bearer canary-abcdef-123456': 1, AKIAIOSFODNN7EXAMPLE: 2 });
    expect(line).not.toMatch(/canary|AKIA/);
  });
});

describe('a path', () => {
  it('masks its place and no other', () => {
    const own = createRedactor({ paths: ['user.email', 'items[*].iban', 'list[0]', '*.phone'] });
    expect(
      own.redact({
        user: { email: 'a', phone: 'p', name: 'n', deep: { phone: 'p' } },
        email: 'b',
        items: [{ iban: 'x', id: 1 }, { iban: 'y' }],
        list: ['first', 'second'],
      }),
    ).toEqual({
      user: { email: '[redacted]', phone: '[redacted]', name: 'n', deep: { phone: 'p' } },
      email: 'b',
      items: [{ iban: '[redacted]', id: 1 }, { iban: '[redacted]' }],
      list: ['[redacted]', 'second'],
    });
  });
});

describe('createRedactor refuses', () => {
  it.each<[string, object, RegExp]>([
    ['an unknown option', { fields: [] }, /redactor\.fields is not an option/],
    ['a key without letters', { keys: ['--'] }, /redactor\.keys have one without/],
    ['keys that are no list', { keys: 'iban' }, /redactor\.keys is neither a list/],
    ['a malformed path', { paths: ['a..b'] }, /redactor\.paths have 'a\.\.b'/],
    ['an empty path', { paths: [''] }, /redactor\.paths have ''/],
    ['a censor with a line break', { censor: 'a\nb' }, /redactor\.censor/],
    ['an empty censor', { censor: '' }, /redactor\.censor/],
    ['an unbounded depth', { maxDepth: Number.POSITIVE_INFINITY }, /redactor\.maxDepth/],
    ['NaN nodes', { maxNodes: Number.NaN }, /redactor\.maxNodes/],
  ])('%s', (_title, options, message) => {
    expect(() => createRedactor(options)).toThrow(message);
  });
});
