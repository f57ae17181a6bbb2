import { performance } from 'node:perf_hooks';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCors } from '../src/index.js';

const cors = createCors({
  origins: [
    'https://app.example',
    'https://*.example.com',
    'https://*.dev.example:8443',
    'http://*.localhost:5173',
  ],
  credentials: true,
});
const allowed = (origin: string) => cors.actual(origin).allowed;

describe('a pattern', () => {
  it.each([
    'https://app.example',
    'https://a.example.com',
    'https://a.b.c.example.com',
    'https://xn--bcher-kva.example.com',
    'https://my_app.example.com',
    'https://x.dev.example:8443',
    'http://a.localhost:5173',
  ])('allows %s', (origin) => {
    expect(cors.actual(origin)).toEqual({
      allowed: true,
      headers: [
        ['access-control-allow-origin', origin],
        ['access-control-allow-credentials', 'true'],
        ['vary', 'Origin'],
      ],
    });
    expect(cors.preflight({ origin, method: 'PUT', headers: 'authorization' }).allowed).toBe(true);
  });

  it.each([
    'https://example.com',
    'https://.example.com',
    'https://evilexample.com',
    'https://a.example.com.evil.test',
    'https://a.example.com:443',
    'https://a.example.com:8443',
    'https://a.example.com/',
    'https://a.example.com#.example.com',
    'https://evil.test/.example.com',
    'https://evil.test#.example.com',
    'https://evil.test?.example.com',
    'https://evil.test\\.example.com',
    'https://evil.test:80@.example.com',
    'https://user@a.example.com',
    'https://a..example.com',
    'https://-a.example.com',
    'https://a-.example.com',
    'https://A.example.com',
    'https://bücher.example.com',
    'https://a.example.com\n',
    'https://a.example.com.',
    'https://*.example.com',
    'http://a.example.com',
    'wss://a.example.com',
    'https://x.dev.example',
    'https://x.dev.example:8444',
    'https://x.dev.example:18443',
    'http://a.localhost',
    'http://localhost:5173',
    'null',
    `https://${'a'.repeat(64)}.example.com`,
    `https://${'a.'.repeat(140)}example.com`,
  ])('does not allow %j', (origin) => {
    expect(cors.actual(origin)).toEqual({ allowed: false, headers: [['vary', 'Origin']] });
  });

  it('allows no origin whose host a browser would not put under the domain', () => {
    const part = fc.stringMatching(/^[a-z0-9.:@/#?\\%_-]{0,20}$/);
    fc.assert(
      fc.property(part, part, (before, after) => {
        const origin = `https://${before}.example.com${after}`;
        if (!allowed(origin)) return;
        expect(new URL(origin).origin).toBe(origin);
        expect(new URL(origin).hostname.endsWith('.example.com')).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('takes no time for origins made to take long', () => {
    const start = performance.now();
    for (const origin of [
      `https://${'a.'.repeat(50_000)}example.com`,
      `https://${'a-'.repeat(100)}.example.com`,
    ]) {
      for (let i = 0; i < 100; i++) allowed(origin);
    }
    expect(performance.now() - start).toBeLessThan(500);
  });

  it.each([
    'https://*.com',
    'https://*.co.uk',
    'https://*.github.io',
    'https://*.vercel.app',
    'https://*',
    'https://**.example.com',
    'https://a.*.example.com',
    'https://*.*.example.com',
    'https://*example.com',
    'https://a*.example.com',
    'https://*.example.*',
    'https://*.example.com:*',
    'https://*.example.com/',
    'https://*.example.com:443',
    'https://*.Example.com',
    'https://*.bücher.example',
    'https://*.example.com.',
    'https://*.0.0.1',
    'https://*.[::1]',
    'http://*.example.com',
    '*://a.example.com',
    '*.example.com',
    'capacitor://*.example.com',
  ])('%s is refused at construction', (origin) => {
    expect(() => createCors({ origins: [origin] })).toThrow(/cors\.origins\[0\]/);
  });
});
