import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import {
  choice,
  duration,
  flag,
  hidden,
  integer,
  isSecret,
  list,
  optional,
  readEnvironment,
  SecretsError,
  type SettingField,
  secretText,
  setting,
  text,
  withDefault,
} from '../src/index.js';

const random = () => randomBytes(32).toString('base64url');
const folder = mkdtempSync(join(tmpdir(), 'environment-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const port = integer({ min: 0, max: 65_535 });

describe('an environment', () => {
  it('has its settings typed, its secrets hidden, and what is absent as its schema says', () => {
    const key = random();
    const found = readEnvironment(
      {
        PORT: withDefault(port, 3000),
        LIMIT: port,
        MODE: choice('on', 'off'),
        DEBUG: withDefault(flag(), false),
        EVERY: duration({ min: '1s', max: '1h' }),
        NAMES: withDefault(list(text()), ['a']),
        REGION: optional(text()),
        ZONE: optional(text()),
        SESSION_SECRET: secretText(),
        REDIS_PASSWORD: hidden(optional(text())),
        PGPASSWORD: hidden(text()),
      },
      {
        env: {
          PORT: '',
          LIMIT: ' 42 ',
          MODE: 'off',
          EVERY: '15m',
          NAMES: 'x, y,,z',
          ZONE: 'north',
          SESSION_SECRET: key,
          PGPASSWORD: 'x',
        },
      },
    );
    const number: number = found.PORT;
    const mode: 'on' | 'off' = found.MODE;
    const region: string | undefined = found.REGION;
    expect([number, found.LIMIT, mode, found.DEBUG, found.EVERY, found.NAMES, region, found.ZONE]).toEqual([
      3000,
      42,
      'off',
      false,
      '15m',
      ['x', 'y', 'z'],
      undefined,
      'north',
    ]);
    expect(found.SESSION_SECRET.reveal()).toBe(key);
    expect([found.REDIS_PASSWORD, isSecret(found.PGPASSWORD)]).toEqual([undefined, true]);
    expect(Object.isFrozen(found)).toBe(true);
    expect(inspect(found)).not.toContain(key);
  });

  it('tells of every problem at once, in settings, secrets, files and between them, with what to write and no value', () => {
    const env = {
      PORT: '99999canary',
      MODE: 'canary',
      DEBUG: '1',
      NAMES: 'fine,canary canary',
      SESSION_SECRET: 'canary',
      OTHER_FILE: '/nowhere/canary',
      MAIL: 'a@example.org',
    };
    const word: SettingField<string> = setting((value) =>
      /\s/.test(value) ? { ok: false, problem: 'must be words without white space' } : { ok: true, value },
    );
    const schema = {
      PORT: withDefault(port, 3000),
      MODE: choice('on', 'off'),
      DEBUG: withDefault(flag(), false),
      NAMES: list(word),
      SESSION_SECRET: secretText(),
      OTHER: text(),
      ABSENT: duration({ min: '1s', max: '1h' }),
      MAIL: optional(text()),
      MAIL_PASSWORD: hidden(optional(text())),
    };
    try {
      readEnvironment(schema, {
        env,
        check: ({ MAIL, MAIL_PASSWORD }) =>
          MAIL && !MAIL_PASSWORD
            ? [{ variable: 'MAIL_PASSWORD', problem: 'is missing: MAIL is of no use without it' }]
            : [],
      });
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(SecretsError);
      expect((error as Error).message.split('\n')).toEqual([
        "8 variables can't be used:",
        '- PORT must be a whole number from 0 to 65535',
        '- MODE must be one of on, off',
        '- DEBUG must be true or false',
        '- NAMES must be words without white space (number 2 of the list)',
        '- SESSION_SECRET is shorter than 32 bytes: make one with: openssl rand -base64 32',
        "- OTHER_FILE names a file that can't be read (ENOENT)",
        '- ABSENT is missing: set it, or ABSENT_FILE to the path of a file that holds it',
        '- MAIL_PASSWORD is missing: MAIL is of no use without it',
      ]);
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('canary');
    }
  });

  it.each<[string, SettingField<unknown>, string]>([
    ['an exponent', port, '1e3'],
    ['hexadecimal', port, '0x10'],
    ['a sign', port, '+1'],
    ['NaN', port, 'NaN'],
    ['Infinity', port, 'Infinity'],
    ['a fraction', port, '1.5'],
    ['a negative number', port, '-1'],
    ['white space alone', port, '  '],
    ['a number of more digits than are exact', integer({ min: 0, max: 9 }), '9'.repeat(400)],
    ['yes', flag(), 'yes'],
    ['TRUE', flag(), 'TRUE'],
    ['a word of the prototype', choice('on'), 'constructor'],
    ['a time without a unit', duration({ min: '1s', max: '1h' }), '90'],
    ['too long a time', duration({ min: '1s', max: '1h' }), '2h'],
    ['too long a text', text({ max: 3 }), 'abcd'],
    ['too many of a list', list(text(), { max: 2 }), 'a,b,c'],
  ])('takes no %s for a setting', (_title, field, value) => {
    expect(() => readEnvironment({ NAME: field }, { env: { NAME: value } })).toThrow(/- NAME (?!.*[\d]{20})/);
  });

  it('refuses fields and options that are none', () => {
    expect(() => integer({ min: 2, max: 1 })).toThrow(/integer\.max/);
    expect(() => choice()).toThrow(/choice/);
    expect(() => duration({ min: '1x' as never, max: '1h' })).toThrow(/duration\.min/);
    expect(() => list(text(), { max: 0 })).toThrow(/list\.max/);
    expect(() => text({ min: 1 } as never)).toThrow(/text\.min/);
    expect(() => readEnvironment({}, { environment: {} } as never)).toThrow(/readEnvironment\.environment/);
  });
});

describe('a file of the environment', () => {
  const read = (path: string) => () =>
    readEnvironment({ TOKEN: hidden(text({ max: 65_536 })) }, { env: { TOKEN_FILE: path } }).TOKEN.reveal();

  it('may be as large as 64 KiB, and no larger, whatever its size says', () => {
    expect(read(file('large', 'x'.repeat(65_536)))()).toHaveLength(65_536);
    expect(read(file('larger', 'x'.repeat(65_537)))).toThrow(
      /can't be read \(it has more than 65536 bytes\)/,
    );
    expect(read('/dev/zero')).toThrow(/\(it is no regular file\)/);
  });

  it('is no folder, and no pipe that would hold the start up', () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect(read(pipe)).toThrow(/no regular file/);
    expect(read(folder)).toThrow(/no regular file/);
  });

  it('is named where what it holds makes no sense', () => {
    const env = { PORT_FILE: file('port', 'canary') };
    expect(() => readEnvironment({ PORT: port }, { env })).toThrow(
      /- PORT must be a whole number from 0 to 65535 \(in the file that PORT_FILE names\)$/,
    );
  });

  it('is UTF-8', () => {
    expect(read(file('latin', new Uint8Array([0x61, 0xe9, 0x62])))).toThrow(/it is not UTF-8/);
    expect(read(file('utf8', 'é'))()).toBe('é');
  });

  it('that never stays the same is refused', () => {
    let turn = 0;
    const readFile = (): string => `text ${turn++}`;
    expect(() => readEnvironment({ T: text() }, { env: { T_FILE: 'x' }, readFile })).toThrow(
      /T_FILE names a file that changes while it is read/,
    );
  });
});
