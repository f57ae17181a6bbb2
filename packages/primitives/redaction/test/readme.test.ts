import { expect, it } from 'vitest';
import { createRedactor, safeView } from '../src/index.js';
import { createPseudonyms } from '../src/pseudonyms.js';

it("the README's example holds", () => {
  const redactor = createRedactor({ keys: ['iban'], paths: ['user.email'] });
  expect(
    redactor.stringify({
      user: { id: 7, email: 'ada@example.com', IBAN: 'DE89…', tokenType: 'Bearer' },
      url: 'https://api.example/reset?token=abc',
      error: 'no route to postgres://app:hunter2@db/app',
    }),
  ).toBe(
    '{"user":{"id":7,"email":"[redacted]","IBAN":"[redacted]","tokenType":"Bearer"},"url":"https://api.example/reset?token=[redacted]","error":"no route to postgres://[redacted]@db/app"}',
  );
  expect(redactor.text('Authorization: Bearer abcdef123')).toBe('Authorization: [redacted]');
  expect(safeView({ id: 7, name: 'Ada', password: 'x' }, ['id', 'name'])).toEqual({ id: 7, name: 'Ada' });
});

it('its example of ways holds', () => {
  const redactor = createRedactor({
    keys: { userId: 'pseudonym', password: 'remove' },
    paths: { 'payment.number': 'last4' },
    values: { email: 'pseudonym', iban: 'last4' },
    pseudonym: createPseudonyms({ key: new Uint8Array(32) }),
  });
  expect(redactor.text('mail to ada@example.com')).toMatch(/^mail to pseudonym:[\w-]{22}$/);
  expect(redactor.redact({ password: 'x', payment: { number: '400000000002' } })).toEqual({
    payment: { number: '[redacted]0002' },
  });
});
