import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { ConfigError } from '@secapi/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  jwks,
  keyBytes,
  namedKeys,
  optional,
  readSecrets,
  type SecretField,
  SecretsError,
  secretText,
  serviceUrl,
} from '../src/index.js';

const random = (bytes = 32) => randomBytes(bytes).toString('base64url');
const okp = { kty: 'OKP', crv: 'Ed25519', x: random(), d: random(), kid: 'k1', alg: 'EdDSA' };

function problemOf(field: SecretField<unknown>, text: string): string {
  try {
    readSecrets({ KEY: field }, { env: { KEY: text } });
    return '';
  } catch (error) {
    expect(error).toBeInstanceOf(SecretsError);
    if (text.length > 8) expect(inspect(error)).not.toContain(text);
    return (error as SecretsError).message;
  }
}

describe('readSecrets', () => {
  it('gives the secrets of the environment, hidden and typed', () => {
    const pepper = random();
    const secrets = readSecrets(
      {
        SESSION_SECRET: secretText(),
        PEPPER: keyBytes({ min: 32 }),
        SIGNING_KEYS: jwks(),
        DATABASE_URL: optional(serviceUrl({ protocols: ['postgres:'] })),
        REDIS_URL: optional(serviceUrl({ protocols: ['redis:'] })),
      },
      {
        env: {
          SESSION_SECRET: random(),
          PEPPER: pepper,
          SIGNING_KEYS: JSON.stringify(okp),
          DATABASE_URL: 'postgres://u:p@h/d',
          REDIS_URL: '',
        },
      },
    );
    const bytes: Uint8Array = secrets.PEPPER.reveal();
    expect(Buffer.from(bytes).toString('base64url')).toBe(pepper);
    expect(secrets.SIGNING_KEYS.reveal()).toEqual([okp]);
    expect(secrets.DATABASE_URL?.reveal()).toBe('postgres://u:p@h/d');
    expect(secrets.REDIS_URL).toBeUndefined();
    expect(JSON.stringify(secrets)).not.toContain(pepper);
    expect(Object.isFrozen(secrets)).toBe(true);
  });

  it('names every problem in one message, and no value', () => {
    const twin = random();
    const read = () =>
      readSecrets(
        {
          A: secretText(),
          B: secretText(),
          C: keyBytes(),
          D: keyBytes(),
          E: jwks(),
          F: secretText(),
          G: secretText(),
        },
        { env: { B: 'changeme', C: 'ca nary', D: twin, E: 'canary', F: twin, G: `"${random()}"` } },
      );
    expect(read).toThrow(SecretsError);
    try {
      read();
    } catch (error) {
      const { message, problems, code } = error as SecretsError;
      expect(code).toBe('SECRETS_INVALID');
      expect(problems.map((each) => each.variable)).toEqual(['A', 'B', 'C', 'E', 'F', 'G']);
      expect(message.split('\n')).toEqual([
        "6 secrets can't be used:",
        '- A is missing: set it, or A_FILE to the path of a file that holds it',
        '- B is shorter than 32 bytes: make one with: openssl rand -base64 32',
        '- C is not base64url: make one with: openssl rand -base64 32',
        '- E is not JSON: write a JWK, a list of JWKs or a JWK set',
        '- F is the same as D: use each secret for one purpose',
        '- G is wrapped in quotes: take them off',
      ]);
      expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(
        new RegExp(`changeme|ca ?nary|${twin}`),
      );
    }
  });

  it('refuses a schema or options that are none', () => {
    expect(() => readSecrets({ lower: secretText() }, { env: {} })).toThrow(ConfigError);
    expect(() => readSecrets({ A: {} as never }, { env: {} })).toThrow(ConfigError);
    expect(() => readSecrets({}, { environment: {} } as never)).toThrow(
      /readSecrets\.environment is not an option/,
    );
    expect(() => keyBytes({ min: 8 })).toThrow(/keyBytes\.min/);
    expect(() => keyBytes({ encoding: 'auto' as never })).toThrow(/keyBytes\.encoding/);
    expect(() => secretText({ min: Number.NaN })).toThrow(/secretText\.min/);
    expect(() => serviceUrl({ protocols: [] })).toThrow(/serviceUrl\.protocols/);
  });

  it('takes nothing from the prototype of the environment', () => {
    const env: Record<string, string> = Object.create({ KEY: random() });
    expect(() => readSecrets({ KEY: secretText() }, { env })).toThrow(/KEY is missing/);
  });

  it('reads the process environment when it is given none', () => {
    const name = 'SECAPI_TEST_ONLY_SECRET';
    process.env[name] = random();
    try {
      expect(readSecrets({ [name]: secretText() })[name]?.reveal()).toBe(process.env[name]);
    } finally {
      delete process.env[name];
    }
  });
});

describe('a file', () => {
  it('holds the secret of NAME_FILE, with or without its last line break', () => {
    const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
    try {
      const text = random();
      for (const end of ['', '\n', '\r\n']) {
        const path = join(folder, 'key');
        writeFileSync(path, text + end);
        expect(readSecrets({ KEY: secretText() }, { env: { KEY_FILE: path } }).KEY.reveal()).toBe(text);
      }
      expect(() => readSecrets({ KEY: secretText() }, { env: { KEY_FILE: join(folder, 'none') } })).toThrow(
        /- KEY_FILE names a file that can't be read \(ENOENT\)$/,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('must be readable, full, and the only source', () => {
    const read =
      (content: string, env: Record<string, string> = {}) =>
      () =>
        readSecrets({ KEY: secretText() }, { env: { KEY_FILE: '/canary', ...env }, readFile: () => content });
    expect(read('')).toThrow(/KEY_FILE names an empty file/);
    expect(read(`${random()}\n\n`)).toThrow(/KEY begins or ends with white space/);
    expect(read('x'.repeat(70_000))).toThrow(/KEY_FILE holds more than/);
    expect(read(random(), { KEY: random() })).toThrow(/KEY and KEY_FILE are both set/);
    expect(() =>
      readSecrets(
        { KEY: optional(secretText()) },
        {
          env: { KEY_FILE: '/canary' },
          readFile: (path) => {
            throw new Error(`canary ${path}`);
          },
        },
      ),
    ).toThrow(/^a secret can't be used:\n- KEY_FILE names a file that can't be read$/);
  });
});

describe('a text', () => {
  it.each([
    ['changeme', /shorter than 32 bytes/],
    ['secret', /shorter than 32 bytes/],
    ['hardcoded-secret', /shorter/],
    ['x'.repeat(64), /repeats/],
    ['ab'.repeat(20), /repeats/],
    ['abcdefghijkl'.repeat(4), /pattern/],
    ['abcdefghijklmnopqrstuvwxyz0123456789', /pattern/],
    ['changeme-changeme-changeme-changeme-', /known example/],
    ['changeme-changeme-secret-password-123', /known example/],
    ['your-256-bit-secret-your-256-bit-secret', /known example/],
    ['super-secret-jwt-signing-key-for-production', /known example/],
    ['this_is_a_very_long_secret_key_please_change_it_2024', /known example/],
    ['keyboard cat keyboard cat keyboard cat', /known example|pattern/],
  ])('that anybody could guess is refused: %s', (text, problem) => {
    expect(problemOf(secretText(), text)).toMatch(problem);
  });

  it('from a generator is taken, in base64, base64url and hexadecimal', () => {
    for (let i = 0; i < 500; i++) {
      const bytes = randomBytes(32);
      for (const encoding of ['base64', 'base64url', 'hex'] as const) {
        expect(problemOf(secretText(), bytes.toString(encoding))).toBe('');
      }
    }
    expect(problemOf(secretText(), 'correct horse battery staple rhubarb')).toBe('');
  });
});

describe("a key's bytes", () => {
  it('are read from base64url, base64 and, where declared, hexadecimal', () => {
    for (let i = 0; i < 200; i++) {
      const bytes = randomBytes(32 + (i % 5));
      const read = (text: string, encoding?: 'hex') =>
        Buffer.from(
          readSecrets({ K: keyBytes(encoding ? { encoding } : {}) }, { env: { K: text } }).K.reveal(),
        );
      expect(read(bytes.toString('base64url'))).toEqual(bytes);
      expect(read(bytes.toString('base64'))).toEqual(bytes);
      expect(read(bytes.toString('hex'), 'hex')).toEqual(bytes);
      expect(read(bytes.toString('hex').toUpperCase(), 'hex')).toEqual(bytes);
    }
  });

  it.each([
    ['31 bytes', random(31), /shorter than 32 bytes/],
    [
      'hexadecimal without saying so',
      randomBytes(32).toString('hex'),
      /is hexadecimal where base64url is expected/,
    ],
    ['22 bytes in hexadecimal', randomBytes(22).toString('hex'), /hexadecimal/],
    ['zeros', Buffer.alloc(32).toString('base64'), /repeats/],
    ['one byte again and again', Buffer.alloc(32, 7).toString('base64'), /repeats/],
    ['counting up', Buffer.from(Array.from({ length: 32 }, (_, i) => i)).toString('base64'), /pattern/],
    ['words', Buffer.from('super-secret-signing-key-please-change').toString('base64'), /known example/],
    ['PEM', '-----BEGIN PRIVATE KEY-----', /not base64url/],
    ['a space inside', `${random(16)} ${random(16)}`, /not base64url/],
  ])('are refused: %s', (_title, text, problem) => {
    expect(problemOf(keyBytes(), text)).toMatch(problem);
  });

  it('are refused in hexadecimal with a digit missing or a letter too many', () => {
    const hex = randomBytes(32).toString('hex');
    for (const text of [hex.slice(1), `${hex}zz`, `0x${hex}`])
      expect(problemOf(keyBytes({ encoding: 'hex' }), text)).toMatch(/not hex/);
  });

  it('of several keys have an id each, the current first', () => {
    const [a, b] = [random(), random()];
    const keys = readSecrets({ P: namedKeys() }, { env: { P: `new:${a}, old:${b}` } }).P.reveal();
    expect(keys.map(({ id, key }) => [id, Buffer.from(key).toString('base64url')])).toEqual([
      ['new', a],
      ['old', b],
    ]);
    expect(problemOf(namedKeys(), `a:${a},a:${b}`)).toMatch(/two keys with the id of number 2/);
    expect(problemOf(namedKeys(), `a:${a},b:short`)).toMatch(
      /key \(number 2\) that is (?:shorter|not base64url)/,
    );
    expect(problemOf(namedKeys(), a)).toMatch(/not a list of id:key/);
  });
});

describe('JWKs', () => {
  it('are read as one, a list, or a set', () => {
    for (const text of [okp, [okp], { keys: [okp] }].map((each) => JSON.stringify(each))) {
      expect(readSecrets({ K: jwks() }, { env: { K: text } }).K.reveal()).toEqual([okp]);
    }
  });

  const { d: _, ...publicOnly } = okp;
  it.each<[string, unknown, RegExp]>([
    ['public keys alone', publicOnly, /public keys only/],
    ['an empty list', [], /list of 1 to 100/],
    ['no list in a set', { keys: 1 }, /list of 1 to 100/],
    ['what is no key', [okp, { kid: 'x' }], /number 2\) that is not a JWK/],
    ['a member that is no text', { ...okp, d: 7 }, /member d that is not a text/],
    ['a short symmetric key', { kty: 'oct', k: random(31) }, /shorter than 32 bytes/],
    ['a weak symmetric key', { kty: 'oct', k: Buffer.alloc(32, 1).toString('base64url') }, /repeats/],
    ['a number', 7, /not a JWK/],
    ['null', null, /not a JWK/],
  ])('are refused: %s', (_title, value, problem) => {
    expect(problemOf(jwks(), JSON.stringify(value))).toMatch(problem);
  });
});

describe('any text', () => {
  it('is read or refused without a word of it', () => {
    const fields = [
      secretText(),
      keyBytes(),
      keyBytes({ encoding: 'hex' }),
      namedKeys(),
      jwks(),
      serviceUrl({ protocols: ['redis:'] }),
    ];
    fc.assert(
      fc.property(fc.string({ minLength: 9, maxLength: 80 }), fc.constantFrom(...fields), (text, field) => {
        fc.pre(text.trim().length > 8 && !/^[a-z ]*$/i.test(text));
        problemOf(field, text);
      }),
      { numRuns: 500 },
    );
  });
});
