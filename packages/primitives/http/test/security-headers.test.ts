import { ConfigError } from '@secapi/kernel';
import { parseDictionary } from 'structured-headers';
import { describe, expect, it } from 'vitest';
import { createSecurityHeaders, type SecurityHeadersOptions } from '../src/index.js';

const values = (options?: SecurityHeadersOptions) => new Map(createSecurityHeaders(options).always);

describe('the defaults', () => {
  it('let nothing be loaded, framed or sent', () => {
    expect(values().get('content-security-policy')).toBe(
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
  });

  it.each([
    ['x-content-type-options', 'nosniff'],
    ['referrer-policy', 'no-referrer'],
    ['x-frame-options', 'DENY'],
    ['x-xss-protection', '0'],
    ['cross-origin-opener-policy', 'same-origin'],
    ['cross-origin-resource-policy', 'same-origin'],
    ['cross-origin-embedder-policy', 'require-corp'],
    ['origin-agent-cluster', '?1'],
    ['x-permitted-cross-domain-policies', 'none'],
    ['x-dns-prefetch-control', 'off'],
  ])('send %s: %s', (name, value) => {
    expect(values().get(name)).toBe(value);
  });

  it('keep HSTS for HTTPS, for two years with subdomains', () => {
    expect(values().has('strict-transport-security')).toBe(false);
    expect(createSecurityHeaders().secureOnly).toEqual([
      ['strict-transport-security', 'max-age=63072000; includeSubDomains'],
    ]);
  });

  it('name what tells of the server, in lower case', () => {
    expect(createSecurityHeaders().remove).toEqual(['server', 'x-powered-by']);
  });

  it('can not be changed by whoever holds them', () => {
    const { always } = createSecurityHeaders();
    expect(() => (always as [string, string][]).push(['x', 'y'])).toThrow(TypeError);
  });
});

describe('the policy of the article', () => {
  const article = {
    contentSecurityPolicy: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:', 'https:'],
      connectSrc: ["'self'", 'https://api.yourapp.com'],
    },
    hsts: { maxAge: 31_536_000, includeSubDomains: true, preload: true },
    referrerPolicy: 'strict-origin-when-cross-origin',
    dangerouslyAllowXssFilter: true,
  } as const;

  it('is said as it is, over the base', () => {
    expect(values(article).get('content-security-policy')).toBe(
      "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; script-src 'self'; " +
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: https:; connect-src 'self' https://api.yourapp.com; object-src 'none'",
    );
    expect(createSecurityHeaders(article).secureOnly[0]?.[1]).toBe(
      'max-age=31536000; includeSubDomains; preload',
    );
    expect(values(article).get('x-xss-protection')).toBe('1; mode=block');
    expect(values(article).get('x-frame-options')).toBe('DENY');
    expect(values(article).get('referrer-policy')).toBe('strict-origin-when-cross-origin');
  });

  it('may be written with the names of the directives', () => {
    const camel = values({ contentSecurityPolicy: { imgSrc: ["'self'"], upgradeInsecureRequests: true } });
    const kebab = values({
      contentSecurityPolicy: { 'img-src': ["'self'"], 'upgrade-insecure-requests': true },
    });
    expect(kebab).toEqual(camel);
  });
});

describe('X-Frame-Options', () => {
  it.each([
    [["'none'"], 'DENY'],
    [["'self'"], 'SAMEORIGIN'],
    [['https://portal.example'], undefined],
  ])('for ancestors %j is %s', (frameAncestors, expected) => {
    expect(values({ contentSecurityPolicy: { frameAncestors } }).get('x-frame-options')).toBe(expected);
  });
});

describe('Permissions-Policy', () => {
  it('is a dictionary that denies what nobody asked for', () => {
    const dictionary = parseDictionary(values().get('permissions-policy') ?? '');
    expect(dictionary.get('camera')).toEqual([[], new Map()]);
  });

  it('lets named features through', () => {
    const value = values({ permissionsPolicy: { camera: ['self', 'https://call.example'] } }).get(
      'permissions-policy',
    );
    expect(value).toContain('camera=(self "https://call.example")');
    expect(value).toContain('geolocation=()');
  });
});

it('leaves a header out when told so by name', () => {
  const headers = createSecurityHeaders({
    dangerouslyOmit: ['strict-transport-security', 'x-frame-options'],
  });
  expect(headers.secureOnly).toEqual([]);
  expect(headers.always.some(([name]) => name === 'x-frame-options')).toBe(false);
});

describe('a configuration that can not be meant', () => {
  const csp = (contentSecurityPolicy: object) => ({ contentSecurityPolicy });
  it.each<[string, object, string, RegExp]>([
    ['an unknown option', { csp: {} }, 'headers.csp', /use one of contentSecurityPolicy/],
    [
      'an unknown directive',
      csp({ scriptSource: ["'self'"] }),
      'headers.contentSecurityPolicy.scriptSource',
      /script-src/,
    ],
    [
      'a directive twice',
      csp({ imgSrc: ['data:'], 'img-src': ['data:'] }),
      'headers.contentSecurityPolicy.img-src',
      /keep one/,
    ],
    [
      'inline scripts',
      csp({ scriptSrc: ["'self'", "'unsafe-inline'"] }),
      'headers.contentSecurityPolicy.scriptSrc[1]',
      /sha256/,
    ],
    [
      'inline scripts in elements',
      csp({ scriptSrcElem: ["'unsafe-inline'"] }),
      'headers.contentSecurityPolicy.scriptSrcElem[0]',
      /sha256/,
    ],
    [
      'inline scripts by default-src',
      csp({ defaultSrc: ["'unsafe-inline'"] }),
      'headers.contentSecurityPolicy.defaultSrc[0]',
      /sha256/,
    ],
    ['eval', csp({ scriptSrc: ["'unsafe-eval'"] }), 'headers.contentSecurityPolicy.scriptSrc[0]', /sha256/],
    [
      'scripts from anywhere',
      csp({ scriptSrc: ['*'] }),
      'headers.contentSecurityPolicy.scriptSrc[0]',
      /sha256/,
    ],
    [
      'scripts from any https host',
      csp({ scriptSrc: ['HTTPS:'] }),
      'headers.contentSecurityPolicy.scriptSrc[0]',
      /sha256/,
    ],
    [
      'scripts from data',
      csp({ scriptSrc: ['data:'] }),
      'headers.contentSecurityPolicy.scriptSrc[0]',
      /sha256/,
    ],
    [
      'a keyword without quotes',
      csp({ imgSrc: ['self'] }),
      'headers.contentSecurityPolicy.imgSrc[0]',
      /write "'self'"/,
    ],
    [
      'an unknown keyword',
      csp({ imgSrc: ["'selfish'"] }),
      'headers.contentSecurityPolicy.imgSrc[0]',
      /'self'/,
    ],
    [
      'a fixed nonce',
      csp({ scriptSrc: ["'nonce-abc'"] }),
      'headers.contentSecurityPolicy.scriptSrc[0]',
      /hash/,
    ],
    [
      'an injected directive',
      csp({ imgSrc: ['a.example; script-src *'] }),
      'headers.contentSecurityPolicy.imgSrc[0]',
      /not a source/,
    ],
    [
      'an injected header',
      csp({ imgSrc: ['a.example\r\nx: y'] }),
      'headers.contentSecurityPolicy.imgSrc[0]',
      /not a source/,
    ],
    [
      'none beside others',
      csp({ imgSrc: ["'none'", 'data:'] }),
      'headers.contentSecurityPolicy.imgSrc[0]',
      /remove/,
    ],
    ['an empty list', csp({ imgSrc: [] }), 'headers.contentSecurityPolicy.imgSrc', /'none'/],
    ['a text for a list', csp({ imgSrc: "'self'" }), 'headers.contentSecurityPolicy.imgSrc', /'self'/],
    ['a short HSTS', { hsts: { maxAge: '30d' } }, 'headers.hsts.maxAge', /31536000/],
    ['an endless HSTS', { hsts: { maxAge: Number.POSITIVE_INFINITY } }, 'headers.hsts.maxAge', /finite/],
    [
      'preload without subdomains',
      { hsts: { preload: true, includeSubDomains: false } },
      'headers.hsts.preload',
      /includeSubDomains/,
    ],
    ['a leaking referrer policy', { referrerPolicy: 'unsafe-url' }, 'headers.referrerPolicy', /no-referrer/],
    [
      'an unknown feature list',
      { permissionsPolicy: { camera: 'self' } },
      'headers.permissionsPolicy.camera',
      /\[\]/,
    ],
    [
      'a header that is none',
      { dangerouslyOmit: ['hsts'] },
      'headers.dangerouslyOmit',
      /strict-transport-security/,
    ],
  ])('%s is refused', (_, options, option, message) => {
    const error = thrown(() => createSecurityHeaders(options as SecurityHeadersOptions));
    expect(error.option).toBe(option);
    expect(error.message).toMatch(message);
  });

  it('is let through for scripts when spelled as dangerous', () => {
    const options = { ...csp({ scriptSrc: ["'unsafe-inline'"] }), dangerouslyAllowUnsafeScripts: true };
    expect(values(options).get('content-security-policy')).toContain("script-src 'unsafe-inline'");
  });
});

function thrown(run: () => unknown): ConfigError {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
