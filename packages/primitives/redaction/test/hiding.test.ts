import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../src/index.js';
import { createPseudonyms } from '../src/pseudonyms.js';

const key = new Uint8Array(32).fill(7);
const pseudonym = createPseudonyms({ key });
const of = (secret: string) =>
  `pseudonym:${createHmac('sha256', key).update(secret).digest().subarray(0, 16).toString('base64url')}`;

describe('what is hidden', () => {
  it('is masked, removed, kept to its last four or given a pseudonym, by its key', () => {
    const { redact } = createRedactor({
      keys: { password: 'remove', customerNumber: 'last4', userId: 'pseudonym', note: 'mask' },
      pseudonym,
    });
    expect(
      redact({
        password: 'canary',
        user_id: 'u-1',
        again: [{ userId: 'u-1' }, { userId: 'u-2' }],
        customerNumber: '1234-5678-9012',
        short: { customer_number: '1234567' },
        note: 'x',
        token: 'canary',
        userIds: 7,
      }),
    ).toEqual({
      user_id: of('u-1'),
      again: [{ userId: of('u-1') }, { userId: of('u-2') }],
      customerNumber: '[redacted]9012',
      short: { customer_number: '[redacted]' },
      note: '[redacted]',
      token: '[redacted]',
      userIds: 7,
    });
  });

  it('likewise by its path, in lists and beside keys that are secret anyway', () => {
    const { redact, stringify } = createRedactor({
      paths: {
        'user.email': 'pseudonym',
        'cards[*].number': 'last4',
        'list[1]': 'remove',
        'user.token': 'pseudonym',
        gone: 'remove',
      },
      pseudonym,
    });
    expect(
      redact({
        user: { email: 'ada@example.com', token: 't' },
        cards: [{ number: '4000 0000 0000 0002' }, { number: 5_555_555_555_554_444 }, { number: ['x'] }],
        list: ['a', 'b', 'c'],
        gone: { deep: 1 },
      }),
    ).toEqual({
      user: { email: of('ada@example.com'), token: of('t') },
      cards: [{ number: '[redacted]0002' }, { number: '[redacted]4444' }, { number: '[redacted]' }],
      list: ['a', 'c'],
    });
    expect(stringify({ gone: 1 })).toBe('{}');
    expect(stringify({ list: [] })).toBe('{"list":[]}');
  });

  it('likewise by its form, in texts', () => {
    const { text, stringify } = createRedactor({
      values: {
        card: 'last4',
        email: 'pseudonym',
        iban: 'last4',
        phone: 'mask',
        jwt: 'remove',
        credentials: 'pseudonym',
      },
      pseudonym,
    });
    expect(text('card 4111 1111 1111 1111 12/27')).toBe('card [redacted]1111 12/27');
    expect(text('mail to <Ada.Lovelace+x@example.co.uk>, please')).toBe(
      `mail to <${of('Ada.Lovelace+x@example.co.uk')}>, please`,
    );
    expect(text('pay DE89 3704 0044 0532 0130 00 NOW, or gb82west12345698765432')).toBe(
      'pay [redacted]3000 NOW, or [redacted]5432',
    );
    expect(text('call +44 (0)20 7946-0958 today')).toBe('call [redacted] today');
    expect(text('got eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJjYW5hcnkifQ.Y2FuYXJ5 back')).toBe('got  back');
    expect(text('sent Bearer canary-123.')).toBe(`sent Bearer ${of('canary-123')}.`);
    expect(stringify({ n: 4_111_111_111_111_111 })).toBe('{"n":"[redacted]1111"}');
  });

  it('by key in texts, as in objects', () => {
    const { text } = createRedactor({
      keys: { userId: 'pseudonym', password: 'remove', order: 'last4' },
      pseudonym,
    });
    expect(
      text('user_id=u-1 password="canary" order: 123456789012, {"userId":"u-1","password":"canary"}'),
    ).toBe(`user_id=${of('u-1')} password="" order: [redacted]9012, {"userId":"${of('u-1')}"}`);
  });

  it('stays open where it is not asked for, and where it is none', () => {
    const plain = 'to ada@example.com from +44 20 7946 0958 with DE89370400440532013000';
    expect(createRedactor().text(plain)).toBe(plain);
    const { text } = createRedactor({ values: ['email', 'iban', 'phone'] });
    for (const harmless of [
      'DE88 3704 0044 0532 0130 00',
      'AB12 CDEF GHIJ KLMN',
      '+12:30, 1 + 2 and +5',
      'a@b, @user and user@localhost',
      '018f3a5e-7b1c-7c3d-9e2f-1a2b3c4d5e6f',
      '2026-01-31T12:00:00.000+02:00',
    ]) {
      expect(text(harmless)).toBe(harmless);
    }
  });
});

describe('a pseudonym', () => {
  it('is the same for the same secret and key, and another for another', () => {
    expect(pseudonym('a')).toBe(createPseudonyms({ key: new Uint8Array(key) })('a'));
    expect(pseudonym('a')).not.toBe(pseudonym('b'));
    expect(pseudonym('a')).not.toBe(createPseudonyms({ key: new Uint8Array(32).fill(8) })('a'));
    expect(pseudonym(pseudonym('a'))).toBe(pseudonym('a'));
    const own = new Uint8Array(key);
    const made = createPseudonyms({ key: own });
    own.fill(0);
    expect(made('a')).toBe(pseudonym('a'));
  });

  it.each([
    ['no key', {}],
    ['a short key', { key: new Uint8Array(31) }],
    ['a text as key', { key: 'x'.repeat(64) }],
  ])('is not made with %s', (_title, options) => {
    expect(() => createPseudonyms(options as never)).toThrow(/pseudonyms\.key is not 32 bytes or more/);
  });
});

describe('createRedactor refuses', () => {
  it.each<[string, object, RegExp]>([
    ['a pseudonym without what makes it', { keys: { a: 'pseudonym' } }, /redactor\.pseudonym is missing/],
    ['an unknown way', { paths: { a: 'hash' } }, /redactor\.paths is neither .* 'last4'/],
    ['an unknown form', { values: ['emails'] }, /redactor\.values\.emails is not an option/],
    ['a way that objects inherit', { values: { email: 'constructor' } }, /redactor\.values/],
  ])('%s', (_title, options, message) => {
    expect(() => createRedactor(options)).toThrow(message);
  });
});
