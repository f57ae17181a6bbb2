import { describe, expect, it } from 'vitest';
import { fields, type StandardSchemaV1, validate } from '../src/index.js';

const outcome = (schema: StandardSchemaV1, value: unknown) => {
  const result = validate(schema, value);
  if (result instanceof Promise) throw new Error('is not synchronous');
  return result.ok ? result.value : result.issues.map((issue) => issue.code).join();
};
const long = (length: number) => 'x'.repeat(length);

const accepted: [string, StandardSchemaV1, unknown, unknown][] = [
  ['email', fields.email(), 'Ada.Lovelace+x@Example.co.uk', 'Ada.Lovelace+x@Example.co.uk'],
  ['email', fields.email(), "o'brien@xn--bcher-kva.example", "o'brien@xn--bcher-kva.example"],
  ['email', fields.email(), 'jürgen@bücher.example', 'jürgen@bücher.example'],
  ['password', fields.password(), ' päss word \u0000', ' päss word \u0000'],
  ['password', fields.password({ max: 3 }), 'abc', 'abc'],
  ['personName', fields.personName(), '  Zoe\u0308 Smith ', 'Zoë Smith'],
  ['personName', fields.personName(), long(100), long(100)],
  ['title', fields.title(), '<b>', '<b>'],
  ['uuid', fields.uuid(), '0198E2A0-1111-7222-8333-444455556666', '0198e2a0-1111-7222-8333-444455556666'],
  ['html', fields.html({ maxBytes: 4 }), 'éé', 'éé'],
  ['html', fields.html(), '<p>\n</p>', '<p>\n</p>'],
  ['searchText', fields.searchText(), "'; DROP TABLE posts; --", "'; DROP TABLE posts; --"],
  ['limit', fields.limit(), '1', 1],
  ['limit', fields.limit(), '100', 100],
  ['limit', fields.limit(), undefined, 50],
  ['limit', fields.limit({ default: 5, max: 7 }), undefined, 5],
  ['limit', fields.limit({ max: 7 }), undefined, 7],
  ['cursor', fields.cursor(), 'abc_-.~=', 'abc_-.~='],
  ['cursor', fields.cursor(), undefined, undefined],
  ['token', fields.token(), 'abcdefghijklmnopqrst-_09', 'abcdefghijklmnopqrst-_09'],
  ['role', fields.role(['user', 'admin']), 'admin', 'admin'],
];

const refused: [string, StandardSchemaV1, unknown, string][] = [
  ['email', fields.email(), 1, 'type'],
  ['email', fields.email(), `${long(250)}@a.b`, 'format'],
  ['email', fields.email(), `${long(60)}@${long(60)}.${long(200)}`, 'max_length'],
  ...[
    'a',
    '@',
    'a@',
    '@b.c',
    'a@b',
    'a@b@c.d',
    'a b@c.d',
    'a@b .c',
    ' a@b.c',
    'a@b.c ',
    'a@b..c',
    'a@.b',
    'a@b.',
    'a@-b.c',
    'a@b-.c',
    '.a@b.c',
    'a.@b.c',
    'a..b@c.d',
    '"a"@b.c',
    'a@[127.0.0.1]',
    'a@b.c\r\nBcc: x@y.z',
    'a\u0000@b.c',
    'a@b.c,d@e.f',
    '<a@b.c>',
    'a@\u212Aelvin.example',
    'jose\u0301@b.c',
    'a\u202e@b.c',
  ].map((text): [string, StandardSchemaV1, unknown, string] => ['email', fields.email(), text, 'format']),
  ['password', fields.password(), '', 'min_length'],
  ['password', fields.password(), long(1_025), 'max_length'],
  ['personName', fields.personName(), '   ', 'min_length'],
  ['personName', fields.personName(), long(101), 'max_length'],
  ['personName', fields.personName(), 'a\u0000', 'format'],
  ['personName', fields.personName(), 'a\nb', 'format'],
  ['personName', fields.personName(), 'a\u202eb', 'format'],
  ['title', fields.title(), long(201), 'max_length'],
  ['uuid', fields.uuid(), '0198e2a0-1111-7222-8333-44445555666', 'format'],
  ['uuid', fields.uuid(), '0198e2a0-1111-7222-8333-44445555666g', 'format'],
  ['uuid', fields.uuid(), '0198e2a0-1111-7222-8333-444455556666\n', 'max_length'],
  ['html', fields.html({ maxBytes: 3 }), 'éé', 'max_length'],
  ['html', fields.html(), 'a\u0000', 'format'],
  ['html', fields.html(), '', 'min_length'],
  ['searchText', fields.searchText(), { $ne: '' }, 'type'],
  ['limit', fields.limit(), '0', 'min_value'],
  ['limit', fields.limit(), '101', 'max_value'],
  ...['-1', '1.5', '1e1', ' 1', '01', '', 'ten', '٣'].map(
    (text): [string, StandardSchemaV1, unknown, string] => ['limit', fields.limit(), text, 'format'],
  ),
  ['limit', fields.limit(), 5, 'type'],
  ['cursor', fields.cursor(), '', 'format'],
  ['cursor', fields.cursor(), "a'b", 'format'],
  ['cursor', fields.cursor(), long(513), 'max_length'],
  ['token', fields.token(), 'short', 'min_length'],
  ['token', fields.token(), long(513), 'max_length'],
  ['token', fields.token(), `${long(20)}=`, 'format'],
  ['role', fields.role(['user', 'admin']), 'root', 'invalid'],
];

describe('fields', () => {
  it.each(accepted)('%s takes %#', (_name, schema, value, expected) => {
    expect(outcome(schema, value)).toBe(expected);
  });

  it.each(refused)('%s refuses %#', (_name, schema, value, code) => {
    expect(outcome(schema, value)).toBe(code);
  });

  it('refuses options that make no sense when they are given', () => {
    expect(() => fields.title({ max: Number.NaN })).toThrow(/title\.max/);
    expect(() => fields.title({ min: 5, max: 4 })).toThrow(/title\.min/);
    expect(() => fields.title({ maximum: 4 } as object)).toThrow(/title\.maximum is not an option/);
    expect(() => fields.limit({ default: 9, max: 5 })).toThrow(/limit\.default/);
    expect(() => fields.html({ maxBytes: '1gb' as '1mb' })).toThrow(/html\.maxBytes/);
    expect(() => fields.role([] as unknown as ['x'])).toThrow(/role has no choices/);
  });

  it('is done with a hostile text of a megabyte at once', () => {
    const start = performance.now();
    for (const text of [
      'a.'.repeat(500_000),
      '@'.repeat(1_000_000),
      `${'a'.repeat(1_000_000)}!`,
      '\u0301'.repeat(1_000_000),
    ]) {
      for (const make of [fields.email, fields.title, fields.uuid, fields.token, fields.cursor, fields.limit])
        outcome(make(), text);
    }
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});
