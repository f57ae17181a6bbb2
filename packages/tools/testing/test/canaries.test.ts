import { describe, expect, it } from 'vitest';
import { createCanaries } from '../src/index.js';

const canaries = createCanaries();
const secret = canaries.plant('a password');
const bytes = Buffer.from(secret);

describe('a canary is found', () => {
  it.each<[string, string]>([
    ['as it is', secret],
    ['in other letters', secret.toUpperCase()],
    ['cut at its end', secret.slice(0, 14)],
    ['cut at its beginning', secret.slice(-14)],
    ['cut at both', secret.slice(5, 20)],
    ['reversed', [...secret].reverse().join('')],
    ['in base64', Buffer.from(secret).toString('base64')],
    ['in base64 behind a name', Buffer.from(`ab:${secret}`).toString('base64')],
    ['in base64 behind another', Buffer.from(`abc:${secret}!!`).toString('base64')],
    ['in base64 for URLs', Buffer.from(`ada:${secret}?x`).toString('base64url')],
    ['in hexadecimal', bytes.toString('hex')],
    ['in large hexadecimal', bytes.toString('hex').toUpperCase()],
    ['encoded for a URL', bytes.toString('hex').replace(/../g, '%$&')],
    ['escaped for JSON', bytes.toString('hex').replace(/../g, '\\u00$&')],
    ['as bytes', JSON.stringify(bytes)],
    ['in JSON in JSON', JSON.stringify(JSON.stringify({ secret }))],
  ])('%s', (_title, written) => {
    const log = `before ${written} after`;
    expect(canaries.leaks({ log })).toMatchObject([{ canary: 'a password', output: 'log' }]);
    expect(() => canaries.expectNoLeak({ fine: 'x', log })).toThrow(
      /canaries got out:\na password: .*, in log at \d+/,
    );
  });

  it('and not shown by the error that tells of it', () => {
    try {
      canaries.expectNoLeak({ log: secret });
      expect.unreachable();
    } catch (error) {
      expect(String(error)).not.toContain(secret.slice(0, 6));
    }
  });
});

it('what holds no canary passes, whatever it holds', () => {
  canaries.expectNoLeak({
    log: JSON.stringify({ password: '[redacted]', n: [1, 2] }),
    other: createCanaries().plant('x'),
  });
});

it('what tests nothing fails', () => {
  expect(() => createCanaries().expectNoLeak({ log: 'x' })).toThrow('no canary was planted');
  expect(() => canaries.expectNoLeak({})).toThrow('no output');
  expect(() => canaries.expectNoLeak({ log: '' })).toThrow('log is empty');
});

it('no two canaries are alike', () => {
  expect(new Set(Array.from({ length: 1_000 }, () => canaries.plant('x'))).size).toBe(1_000);
});
