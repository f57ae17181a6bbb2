import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  fields,
  type MaybePromise,
  type SortKey,
  type StandardSchemaV1,
  type ValidationResult,
  validate,
} from '../src/index.js';

const outcome = (schema: StandardSchemaV1, value: unknown) => {
  const result = validate(schema, value);
  if (result instanceof Promise) throw new Error('is not synchronous');
  return result.ok ? result.value : result.issues.map((issue) => `${issue.path}${issue.code}`).join();
};

const uuid = '0198e2a0-1111-7222-8333-444455556666';
const ulid = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const sort = fields.sort(['createdAt', 'title']);
const family = '👨‍👩‍👧‍👦';

const accepted: [string, StandardSchemaV1, unknown, unknown][] = [
  ['ulid', fields.ulid(), ulid.toLowerCase(), ulid],
  ['id', fields.id(), ulid, ulid],
  ['id', fields.id(), uuid.toUpperCase(), uuid],
  ['url', fields.url(), 'https://example.org', 'https://example.org/'],
  ['url', fields.url(), 'HTTPS://Example.ORG:443/a/../b?q=ä#x', 'https://example.org/b?q=%C3%A4#x'],
  ['url', fields.url(), 'https://bücher.example/@me', 'https://xn--bcher-kva.example/@me'],
  ['url', fields.url({ http: true }), 'http://example.org/', 'http://example.org/'],
  ['url', fields.url({ hosts: ['a.example:8443'] }), 'https://A.example:8443/x', 'https://a.example:8443/x'],
  ['sort', sort, undefined, []],
  ['sort', sort, '', []],
  ['sort', sort, '-createdAt', [{ field: 'createdAt', direction: 'desc' }]],
  [
    'sort',
    sort,
    'title,-createdAt',
    [
      { field: 'title', direction: 'asc' },
      { field: 'createdAt', direction: 'desc' },
    ],
  ],
  ['sort', fields.sort(['a'], { default: '-a' }), undefined, [{ field: 'a', direction: 'desc' }]],
  ['date', fields.date(), '2024-02-29', '2024-02-29'],
  ['date', fields.date({ min: '2026-01-01', max: '2026-01-01' }), '2026-01-01', '2026-01-01'],
  ['instant', fields.instant(), '2026-11-24T15:00:00+01:00', '2026-11-24T14:00:00.000Z'],
  ['instant', fields.instant(), '2026-11-24T14:00:00.123456789Z', '2026-11-24T14:00:00.123Z'],
  ['amount', fields.amount('EUR'), '12.5', 1_250],
  ['amount', fields.amount('EUR'), '0.29', 29],
  ['amount', fields.amount('EUR'), '0', 0],
  ['amount', fields.amount('JPY'), '1200', 1_200],
  ['amount', fields.amount('KWD'), '1.234', 1_234],
  ['amount', fields.amount('EUR'), '90071992547409.91', Number.MAX_SAFE_INTEGER],
  ['amount', fields.amount('EUR', { min: '-5' }), '-4.99', -499],
  ['amount', fields.amount('EUR', { min: '-5' }), '-0.00', 0],
  ['money', fields.money(['EUR', 'JPY']), { amount: '7', currency: 'JPY' }, { currency: 'JPY', minor: 7 }],
  ['locale', fields.locale(), 'PT-br', 'pt-BR'],
  ['locale', fields.locale({ only: ['en', 'zh-Hant'] }), 'ZH-HANT', 'zh-Hant'],
  ['phone', fields.phone(), '+44 (20) 7946-0958', '+442079460958'],
  ['text', fields.text(), ' a\r\nb\rc\t', 'a\nb\nc'],
  ['text', fields.text(), 'ein Grüß\r\ndich', 'ein Grüß\ndich'],
  ['text', fields.text(), 'cafe\u0301', 'café'],
  ['text', fields.text({ max: 3 }), 'e\u0301'.repeat(3), 'é'.repeat(3)],
  ['title', fields.title({ max: 3 }), family, family],
  ['title', fields.title(), 'ad\u200bmin\ufeff', 'admin'],
  ['title', fields.title(), 'שלום\u200f', 'שלום'],
  ['title', fields.title(), 'می\u200cخواهم', 'می\u200cخواهم'],
  ['title', fields.title({ min: 2, max: 2 }), '👍🏽👍🏽', '👍🏽👍🏽'],
];

const refused: [string, StandardSchemaV1, unknown, string][] = [
  ['ulid', fields.ulid(), `8${ulid.slice(1)}`, 'format'],
  ['ulid', fields.ulid(), ulid.replace('A', 'U'), 'format'],
  ['ulid', fields.ulid(), `${ulid}0`, 'max_length'],
  ['id', fields.id(), '1', 'format'],
  ['id', fields.id(), { $ne: '' }, 'type'],
  ...[
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' https://a.example',
    'java\nscript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'https:a.example',
    'https:/a.example',
    'https:///a.example',
    'https:\\\\a.example',
    'https://a.example\\@b.example',
    '//a.example',
    '/a',
    'https://',
    'https://user@a.example',
    'https://user:pass@a.example/',
    'https://@a.example',
    'https://a.example/\u0000',
    'https://a.example/\r\nx: y',
    'https://a.example/ b',
    'https://a.ex\tample',
    'https://a.example/\u202e',
    'https://[::1',
    'https://a.example:99999',
    'https://%zz/',
    'vbscript:x',
    'blob:https://a.example/1',
  ].map((text): [string, StandardSchemaV1, unknown, string] => [
    'url',
    fields.url({ http: true }),
    text,
    'format',
  ]),
  ['url', fields.url(), 'http://a.example', 'invalid'],
  ['url', fields.url({ hosts: ['a.example'] }), 'https://b.example/a.example', 'invalid'],
  ['url', fields.url({ hosts: ['a.example'] }), 'https://a.example:8443', 'invalid'],
  ['url', fields.url(), `https://a.example/${'x'.repeat(2_048)}`, 'max_length'],
  ['url', fields.url({ max: 40 }), `https://a.example/${'ä'.repeat(20)}`, 'max_length'],
  ['sort', sort, 'password', 'invalid'],
  ['sort', sort, '__proto__', 'invalid'],
  ['sort', sort, 'constructor', 'invalid'],
  ['sort', sort, 'title;drop', 'invalid'],
  ['sort', sort, 'title,', 'invalid'],
  ['sort', sort, 'title,-title', 'format'],
  ['sort', sort, '--title', 'invalid'],
  ['sort', fields.sort(['a', 'b'], { max: 1 }), 'a,b', 'max_length'],
  ['sort', sort, 'title,'.repeat(50), 'max_length'],
  ...[
    '2023-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-04-31',
    '2026-1-1',
    '26-01-01',
    '2026/01/01',
    '',
    '２０２６-01-01',
  ].map((text): [string, StandardSchemaV1, unknown, string] => ['date', fields.date(), text, 'format']),
  ['date', fields.date(), '2026-01-01T', 'max_length'],
  ['date', fields.date(), 20260101, 'type'],
  ['date', fields.date({ min: '2026-01-01' }), '2025-12-31', 'min_value'],
  ['date', fields.date({ max: '2026-01-01' }), '2026-01-02', 'max_value'],
  ...[
    '2026-11-24',
    '2026-11-24T14:00:00',
    '2026-11-24 14:00:00Z',
    '2026-11-24t14:00:00z',
    '2026-11-24T24:00:00Z',
    '2026-11-24T14:60:00Z',
    '2026-12-31T23:59:60Z',
    '2026-02-30T00:00:00Z',
    '2026-11-24T14:00:00+24:00',
    '2026-11-24T14:00:00.Z',
    '0000-01-01T00:00:00+01:00',
    '9999-12-31T23:59:59-01:00',
  ].map((text): [string, StandardSchemaV1, unknown, string] => ['instant', fields.instant(), text, 'format']),
  ['instant', fields.instant({ max: '2026-01-01T00:00:00Z' }), '2026-01-01T00:00:01Z', 'max_value'],
  ...['', '1.', '.5', '01', '+1', '1e3', '1,50', ' 1', '1.234', '0x10', 'NaN', 'Infinity', '1_000', '١'].map(
    (text): [string, StandardSchemaV1, unknown, string] => ['amount', fields.amount('EUR'), text, 'format'],
  ),
  ['amount', fields.amount('EUR'), 12.5, 'type'],
  ['amount', fields.amount('EUR'), '-1', 'min_value'],
  ['amount', fields.amount('EUR'), '90071992547409.92', 'max_value'],
  ['amount', fields.amount('EUR', { max: '10' }), '10.01', 'max_value'],
  ['amount', fields.amount('JPY'), '1.0', 'format'],
  ['amount', fields.amount('EUR'), '1'.repeat(23), 'max_length'],
  ['money', fields.money(['EUR']), { amount: '1', currency: 'USD' }, '/currencyinvalid'],
  ['money', fields.money(['EUR']), { amount: '1.001', currency: 'EUR' }, '/amountformat'],
  ['money', fields.money(['EUR']), { amount: 1, currency: 'EUR' }, '/amounttype'],
  ['money', fields.money(['EUR']), { amount: '1', currency: 'EUR', minor: 5 }, '/minorunknown_key'],
  ['locale', fields.locale(), 'x', 'format'],
  ['locale', fields.locale(), 'en_US', 'format'],
  ['locale', fields.locale(), '../../etc', 'format'],
  ['locale', fields.locale(), 'en-'.repeat(30), 'max_length'],
  ['locale', fields.locale({ only: ['en'] }), 'de', 'invalid'],
  ['phone', fields.phone(), '020 7946 0958', 'format'],
  ['phone', fields.phone(), '+0123456789', 'format'],
  ['phone', fields.phone(), '+1234567890123456', 'format'],
  ['phone', fields.phone(), '+44;ext=1', 'format'],
  ['text', fields.text(), 'a\u0000', 'format'],
  ['text', fields.text(), 'a\u001b[2J', 'format'],
  ['text', fields.text(), 'ä\u0007', 'format'],
  ['text', fields.text(), 'a\u202eb', 'format'],
  ['text', fields.text(), 'a\u2067b', 'format'],
  ['text', fields.text(), 'a\ud800', 'format'],
  ['text', fields.text(), 'a\ufffe', 'format'],
  ['text', fields.text(), ' \n\t ', 'min_length'],
  ['text', fields.text({ max: 3 }), 'abcd', 'max_length'],
  ['text', fields.text({ max: 3 }), 'éééé', 'max_length'],
  ['title', fields.title(), 'ä\nb', 'format'],
  ['title', fields.title(), '\u200b\u200b', 'min_length'],
  ['title', fields.title(), '\u3164', 'min_length'],
  ['title', fields.title(), '\u200d', 'min_length'],
  ['title', fields.title({ max: 3 }), family.repeat(2), 'max_length'],
  ['title', fields.title({ min: 3 }), '👍🏽👍🏽', 'min_length'],
];

describe('more fields', () => {
  it.each(accepted)('%s takes %#', (_name, schema, value, expected) => {
    expect(outcome(schema, value)).toEqual(expected);
  });

  it.each(refused)('%s refuses %#', (_name, schema, value, code) => {
    expect(outcome(schema, value)).toBe(code);
  });

  it.each([
    [() => fields.sort([] as never), /sort names no field/],
    [() => fields.sort(['__proto__']), /sort names '__proto__'/],
    [() => fields.sort(['a; drop table']), /which is no field/],
    [() => fields.sort(['a'], { default: 'b' as 'a' }), /sort\.default/],
    [() => fields.date({ min: '2026-02-30' }), /date\.min is not one/],
    [() => fields.instant({ max: 'tomorrow' }), /instant\.max is not one/],
    [() => fields.amount('EURO'), /names 'EURO', which is no currency/],
    [() => fields.amount('constructor'), /which is no currency/],
    [() => fields.amount('JPY', { max: '1.5' }), /amount\.max is not an amount/],
    [() => fields.money([] as never), /money names no currency/],
    [() => fields.locale({ only: ['en_US'] }), /locale\.only/],
    [() => fields.url({ hosts: ['https://a.example'] }), /url\.hosts/],
    [() => fields.url({ schemes: ['javascript'] } as object), /url\.schemes is not an option/],
  ])('refuses options that make no sense when they are given %#', (make, message) => {
    expect(make).toThrow(message);
  });

  it('types what comes out', () => {
    expectTypeOf(validate(sort, '')).toEqualTypeOf<
      MaybePromise<ValidationResult<readonly SortKey<'createdAt' | 'title'>[]>>
    >();
    expectTypeOf(validate(fields.money(['EUR', 'USD']), {})).toEqualTypeOf<
      MaybePromise<ValidationResult<{ readonly currency: 'EUR' | 'USD'; readonly minor: number }>>
    >();
  });
});
