import { expect, it } from 'vitest';
import { createRedactor, safeView } from '../src/index.js';

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
