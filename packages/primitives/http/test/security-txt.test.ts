import { describe, expect, it } from 'vitest';
import { type SecurityTxtOptions, securityTxt } from '../src/index.js';

const now = () => Date.parse('2026-11-24T00:00:00Z');
const options: SecurityTxtOptions = {
  contact: ['mailto:security@example.com', 'https://example.com/report'],
  expires: new Date('2027-06-30T00:00:00Z'),
  now,
};

describe('securityTxt', () => {
  it('says where to report and until when', () => {
    expect(
      securityTxt({
        ...options,
        policy: ['https://example.com/policy'],
        preferredLanguages: ['en', 'de-CH'],
      }),
    ).toBe(
      'Contact: mailto:security@example.com\nContact: https://example.com/report\nExpires: 2027-06-30T00:00:00.000Z\n' +
        'Policy: https://example.com/policy\nPreferred-Languages: en, de-CH\n',
    );
  });

  it.each<[string, object, RegExp]>([
    ['expired', { expires: new Date('2026-11-24T00:00:00Z') }, /has passed/],
    ['without a date', { expires: new Date('soon') }, /not a date/],
    ['without a contact', { contact: [] }, /contact is missing/],
    ['a bare address', { contact: ['security@example.com'] }, /mailto/],
    ['a plain page', { policy: ['http://example.com'] }, /https/],
    ['an injected line', { contact: ['mailto:a@b.example\nContact: mailto:evil@x.example'] }, /not a URI/],
    ['an injected language', { preferredLanguages: ['en\nContact: mailto:evil@x.example'] }, /language/],
    ['an unknown field', { contacts: [] }, /not an option/],
  ])('%s: refused', (_, over, message) => {
    expect(() => securityTxt({ ...options, ...over } as SecurityTxtOptions)).toThrow(message);
  });
});
