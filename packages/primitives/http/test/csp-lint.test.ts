import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CspFinding, createSecurityHeaders, type HeadersPreset, lintCsp } from '../src/index.js';

const strict =
  "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; report-to csp";
const withScripts = (sources: string): string => `${strict}; script-src ${sources}`;
const told = (findings: readonly CspFinding[], least: 'error' | 'warning' = 'warning'): string[] =>
  findings
    .filter(({ severity }) => severity === 'error' || severity === least)
    .map(({ severity, code, directive, source }) =>
      [severity, code, directive, source].filter(Boolean).join(' '),
    );

describe('a policy that holds', () => {
  it.each([
    strict,
    withScripts("'nonce-9Yb3Qxq0zV1m2s7tC4kLpA' 'strict-dynamic'"),
    withScripts("'nonce-9Yb3Qxq0zV1m2s7tC4kLpA' 'strict-dynamic' 'unsafe-inline' https: http:"),
    withScripts("'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"),
    withScripts("'self'"),
    withScripts('https://static.shop.example/app.js'),
    withScripts('http://localhost:5173'),
    withScripts("'self' 'wasm-unsafe-eval'"),
    `${strict}; style-src 'self' 'unsafe-inline'; img-src https: data:`,
    `${strict}; worker-src 'self' blob:`,
    `${strict}; sandbox allow-forms allow-scripts`,
    `${strict}; UPGRADE-INSECURE-REQUESTS;`,
    `${strict}; require-trusted-types-for 'script'; trusted-types default`,
    `${strict}; report-uri https://csp.example/r`,
    `  ${strict.replaceAll(';', ' ;\t')}  `,
  ])('is told neither errors nor warnings: %s', (policy) => {
    expect(told(lintCsp(policy))).toEqual([]);
  });

  it.each<HeadersPreset>(['api', 'page', 'docs'])(
    'is that of the preset %s, with and without a nonce',
    (preset) => {
      const headers = createSecurityHeaders({ preset });
      for (const list of [headers.always, headers.withNonce('9Yb3Qxq0zV1m2s7tC4kLpA')]) {
        const policy = new Map(list).get('content-security-policy') ?? '';
        expect(told(lintCsp(policy))).toEqual([]);
      }
    },
  );
});

describe('a policy that does not hold', () => {
  it.each<[string, string[]]>([
    ["script-src 'unsafe-inline'", ["error unsafe-inline script-src 'unsafe-inline'"]],
    ["script-src 'UNSAFE-INLINE'", ["error unsafe-inline script-src 'UNSAFE-INLINE'"]],
    ["script-src-elem 'unsafe-inline'", ["error unsafe-inline script-src-elem 'unsafe-inline'"]],
    ["script-src-attr 'unsafe-inline'", ["error unsafe-inline script-src-attr 'unsafe-inline'"]],
    ["script-src 'self' 'unsafe-eval'", ["error unsafe-eval script-src 'unsafe-eval'"]],
    ["script-src 'self' 'unsafe-hashes'", ["warning unsafe-hashes script-src 'unsafe-hashes'"]],
    ['script-src *', ['error wildcard-source script-src *']],
    ['script-src https://*', ['error wildcard-source script-src https://*']],
    ['script-src *:443', ['error wildcard-source script-src *:443']],
    ['script-src https://*.com', ['error wildcard-source script-src https://*.com']],
    ['script-src https://*.co.uk', ['error wildcard-source script-src https://*.co.uk']],
    ['script-src https:', ['error scheme-source script-src https:']],
    ['script-src HTTP:', ['error scheme-source script-src HTTP:']],
    ['script-src data:', ['error scheme-source script-src data:']],
    ['script-src blob:', ['error scheme-source script-src blob:']],
    ['script-src http://static.shop.example', ['error plain-http script-src http://static.shop.example']],
    ['script-src https://192.0.2.7', ['warning ip-source script-src https://192.0.2.7']],
    ['script-src https://[2001:db8::1]', ['warning ip-source script-src https://[2001:db8::1]']],
    ['script-src https://cdn.jsdelivr.net', ['error bypass-host script-src https://cdn.jsdelivr.net']],
    ['script-src CDNJS.cloudflare.com.', ['error bypass-host script-src CDNJS.cloudflare.com.']],
    ['script-src https://unpkg.com/', ['error bypass-host script-src https://unpkg.com/']],
    [
      'script-src https://unpkg.com/redoc@2.1.5/bundles/redoc.standalone.js',
      ['warning bypass-host script-src https://unpkg.com/redoc@2.1.5/bundles/redoc.standalone.js'],
    ],
    [
      'script-src https://cdn.jsdelivr.net/npm/',
      ['error bypass-host script-src https://cdn.jsdelivr.net/npm/'],
    ],
    [
      'script-src https://www.google.com/recaptcha/',
      ['warning bypass-host script-src https://www.google.com/recaptcha/'],
    ],
    ['script-src *.googleapis.com', ['error bypass-host script-src *.googleapis.com']],
    ['script-src https://*.cloudfront.net', ['error bypass-host script-src https://*.cloudfront.net']],
    ["script-src 'strict-dynamic'", ["error strict-dynamic-alone script-src 'strict-dynamic'"]],
    ["script-src 'nonce-abc'", ["error static-nonce script-src 'nonce-abc'"]],
    ["script-src 'nonce-q8Zr31kP'", ["error short-nonce script-src 'nonce-q8Zr31kP'"]],
    [
      "script-src 'nonce-aaaaaaaaaaaaaaaaaaaaaaaa'",
      ["error static-nonce script-src 'nonce-aaaaaaaaaaaaaaaaaaaaaaaa'"],
    ],
    [
      "script-src 'nonce-EDNnf03nceIOfn39fn3e9h3sdfa'",
      ["error static-nonce script-src 'nonce-EDNnf03nceIOfn39fn3e9h3sdfa'"],
    ],
    ["script-src 'nonce'", ["error unknown-keyword script-src 'nonce'"]],
    ['script-src self', ['error missing-quotes script-src self']],
    ['script-src none', ['error missing-quotes script-src none']],
    ['script-src unsafe-inline', ['error missing-quotes script-src unsafe-inline']],
    [
      'script-src nonce-9Yb3Qxq0zV1m2s7tC4kLpA',
      ['error missing-quotes script-src nonce-9Yb3Qxq0zV1m2s7tC4kLpA'],
    ],
    ["script-src 'selfish'", ["error unknown-keyword script-src 'selfish'"]],
    ["script-src 'sha256-short'", ["error unknown-keyword script-src 'sha256-short'"]],
    ['script-src https://a.example/?q', ['error invalid-source script-src https://a.example/?q']],
    ['script-src https://a.example\u00e9', ['error invalid-source script-src https://a.example\u00e9']],
    ["script-src 'self' object-src 'self'", ['error missing-semicolon script-src object-src']],
    ["img-src 'none' data:", ["error none-beside-others img-src 'none'"]],
    ['img-src', ['warning empty-list img-src']],
    ['img-src http://a.example', ['warning plain-http img-src http://a.example']],
    ["img-src 'strict-dynamic'", ["warning no-effect img-src 'strict-dynamic'"]],
    ['connect-src *', ['warning wildcard-source connect-src *']],
    ['frame-src https:', ['warning scheme-source frame-src https:']],
    ['object-src *', ['error wildcard-source object-src *']],
    ["object-src 'self'", ["warning host-allowlist object-src 'self'"]],
    ['script-source x', ['error unknown-directive script-source']],
    ['block-all-mixed-content', ['warning deprecated-directive block-all-mixed-content']],
    ['plugin-types application/pdf', ['warning deprecated-directive plugin-types']],
    ['reflected-xss block', ['warning deprecated-directive reflected-xss']],
    ['referrer no-referrer', ['warning deprecated-directive referrer']],
    ['upgrade-insecure-requests 1', ['error unexpected-value upgrade-insecure-requests 1']],
    ['sandbox allow-scripts allow-same-origin', ['warning sandbox-escape sandbox']],
    ['sandbox allow-everything', ['error unknown-keyword sandbox allow-everything']],
    ['require-trusted-types-for script', ['error unknown-keyword require-trusted-types-for script']],
    ["base-uri 'none'", ['error duplicate-directive base-uri']],
    ['report-uri http://csp.example/r', ['warning plain-http report-uri http://csp.example/r']],
  ])('%s', (more, expected) => {
    expect(told(lintCsp(`${strict}; ${more}`))).toEqual(expected);
  });

  it('is told what is missing, and that more hangs on a nonce', () => {
    expect(told(lintCsp(''))).toEqual([
      'error missing-directive script-src',
      'error missing-directive object-src',
      'warning missing-directive default-src',
      'warning missing-directive base-uri',
      'warning missing-directive frame-ancestors',
      'warning missing-directive form-action',
    ]);
    const nonce = "script-src 'nonce-9Yb3Qxq0zV1m2s7tC4kLpA'; object-src 'none'";
    expect(told(lintCsp(nonce), 'error')).toEqual(['error missing-directive base-uri']);
  });

  it('is told of a scheme or everything for frames, forms and bases', () => {
    const policy = "default-src 'none'; base-uri https:; form-action *; frame-ancestors https:; report-to r";
    expect(told(lintCsp(policy))).toEqual([
      'error scheme-source base-uri https:',
      'warning wildcard-source form-action *',
      'warning scheme-source frame-ancestors https:',
    ]);
  });

  it('is told that default-src stands for scripts where nothing else does', () => {
    const policy =
      "default-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; report-to r";
    expect(told(lintCsp(policy))).toEqual(["error unsafe-inline default-src 'unsafe-inline'"]);
    expect(told(lintCsp(`${policy}; script-src 'self'`))).toEqual([]);
  });

  it('is told that report-uri is alone, and of a comma', () => {
    expect(told(lintCsp(strict.replace('report-to csp', 'report-uri /r')))).toEqual([
      'warning report-uri-alone report-uri',
    ]);
    expect(told(lintCsp(`${strict}, img-src data:`))).toContain('error comma ,');
  });

  it('is told of a name of a header before it', () => {
    expect(told(lintCsp(`Content-Security-Policy: ${strict}`))).toContain(
      'error unknown-directive content-security-policy:',
    );
  });
});

describe('directives', () => {
  it('may hold the place of a nonce, but not a nonce, which would never change', () => {
    expect(
      told(lintCsp({ scriptSrc: ["'nonce'"], defaultSrc: ["'none'"], baseUri: ["'none'"] }), 'error'),
    ).toEqual([]);
    expect(
      told(
        lintCsp({
          scriptSrc: ["'nonce-9Yb3Qxq0zV1m2s7tC4kLpA'"],
          defaultSrc: ["'none'"],
          baseUri: ["'none'"],
        }),
        'error',
      ),
    ).toEqual(["error static-nonce script-src 'nonce-9Yb3Qxq0zV1m2s7tC4kLpA'"]);
  });

  it('are refused by createSecurityHeaders exactly where the linter tells of an error', () => {
    const sources = [
      "'self'",
      "'none'",
      '*',
      'data:',
      "'unsafe-inline'",
      "'nonce'",
      "'strict-dynamic'",
      'self',
      'https://a.example',
      "'unsafe-hashes'",
      'unpkg.com',
    ];
    const names = [
      'script-src',
      'script-src-attr',
      'object-src',
      'base-uri',
      'img-src',
      'style-src',
      'default-src',
      'script-sources',
    ];
    const list = fc.uniqueArray(fc.constantFrom(...sources), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), list, { minKeys: 1 }), (directives) => {
        const base = {
          'default-src': ["'none'"],
          'base-uri': ["'none'"],
          'form-action': ["'none'"],
          'frame-ancestors': ["'none'"],
        };
        const whole = {
          ...base,
          ...directives,
          ...('default-src' in directives && !('object-src' in directives)
            ? { 'object-src': ["'none'"] }
            : {}),
        };
        const bad = lintCsp(whole).some(({ severity }) => severity === 'error');
        let refused = false;
        try {
          createSecurityHeaders({ contentSecurityPolicy: directives });
        } catch {
          refused = true;
        }
        expect(refused).toBe(bad);
      }),
    );
  });
});

it('reads any text in the time of its length, and never throws', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 2_000 }), (text) => {
      expect(Array.isArray(lintCsp(text))).toBe(true);
    }),
  );
  const started = performance.now();
  for (const piece of ["'self' ", '*.a', 'a:', "'nonce-", '; ', 'http://'])
    lintCsp(piece.repeat(65_536 / piece.length));
  expect(performance.now() - started).toBeLessThan(2_000);
});
