import { ConfigError } from '@secapi/kernel';
import { describe, expect, it } from 'vitest';
import { createSecurityHeaders, type SecurityHeadersOptions } from '../src/index.js';

const nonce = '9Yb3Qxq0zV1m2s7tC4kLpA';
const policyOf = (options: SecurityHeadersOptions, value?: string): string | undefined => {
  const headers = createSecurityHeaders(options);
  return new Map(value === undefined ? headers.always : headers.withNonce(value)).get(
    'content-security-policy',
  );
};

describe('the presets', () => {
  it('page lets scripts run by nonce and by what those load, and the rest come from its own origin', () => {
    expect(policyOf({ preset: 'page' }, nonce)).toBe(
      "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'; object-src 'none'; " +
        `script-src 'nonce-${nonce}'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; ` +
        "font-src 'self'; connect-src 'self'; manifest-src 'self'",
    );
  });

  it('docs lets Swagger UI and Redoc have their styles, images and workers, and scripts by origin or nonce', () => {
    expect(policyOf({ preset: 'docs' }, nonce)).toBe(
      "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'; object-src 'none'; " +
        `script-src 'self' 'nonce-${nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; ` +
        "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:",
    );
  });

  it('take directives over their own', () => {
    const policy = policyOf(
      { preset: 'page', contentSecurityPolicy: { connectSrc: ["'self'", 'https://api.example'] } },
      nonce,
    );
    expect(policy).toContain("connect-src 'self' https://api.example");
    expect(policy).toContain(`script-src 'nonce-${nonce}'`);
  });

  it('give pages the referrer without which their forms have no Origin, and an API none', () => {
    const referrer = (preset: 'api' | 'page' | 'docs') =>
      new Map(createSecurityHeaders({ preset }).always).get('referrer-policy');
    expect([referrer('api'), referrer('page'), referrer('docs')]).toEqual([
      'no-referrer',
      'same-origin',
      'same-origin',
    ]);
  });

  it('ask for a nonce where a policy has a place for one, and only there', () => {
    expect(createSecurityHeaders().asksForNonce).toBe(false);
    expect(createSecurityHeaders({ preset: 'page' }).asksForNonce).toBe(true);
    expect(createSecurityHeaders({ contentSecurityPolicy: { scriptSrc: ["'nonce'"] } }).asksForNonce).toBe(
      true,
    );
    expect(
      createSecurityHeaders({ preset: 'page', dangerouslyOmit: ['content-security-policy'] }).asksForNonce,
    ).toBe(false);
    const { always, withNonce } = createSecurityHeaders();
    expect(withNonce(nonce)).toBe(always);
  });
});

describe('without a nonce', () => {
  it.each([
    [["'nonce'", "'strict-dynamic'"], "'none'"],
    [["'nonce'", "'strict-dynamic'", 'https:', "'unsafe-inline'"], "'none'"],
    [["'nonce'", "'unsafe-inline'", "'self'"], "'self'"],
    [["'self'", "'nonce'"], "'self'"],
    [
      ["'nonce'", "'strict-dynamic'", "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"],
      "'strict-dynamic' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
    ],
  ])('%j allow no more than with one: %s', (scriptSrc, expected) => {
    const policy = policyOf({ contentSecurityPolicy: { scriptSrc } });
    expect(/script-src ([^;]*)/.exec(policy ?? '')?.[1]).toBe(expected);
  });
});

describe('a nonce', () => {
  const { withNonce } = createSecurityHeaders({ preset: 'page' });

  it.each(['', 'short', `${nonce}'; script-src *; x '`, `${nonce}\r\nx: y`, `${nonce} `, 'é'.repeat(30)])(
    'that is none is refused: %j',
    (text) => {
      expect(() => withNonce(text)).toThrow(ConfigError);
    },
  );

  it('in base64 or base64url passes', () => {
    for (const text of [nonce, 'q83vASNFZ4mrze8BI0VniQ==', 'q83v_SNF-4mrze8BI0VniQ']) {
      expect(new Map(withNonce(text)).get('content-security-policy')).toContain(`'nonce-${text}'`);
    }
  });
});

describe('a policy that only reports', () => {
  it('stands beside the one that holds, with its own directives over the preset', () => {
    const headers = createSecurityHeaders({
      preset: 'page',
      reports: { url: '/reports' },
      contentSecurityPolicyReportOnly: { imgSrc: ["'self'"] },
    });
    const values = new Map(headers.withNonce(nonce));
    expect(values.get('content-security-policy')).toContain("img-src 'self' data:");
    const trial = values.get('content-security-policy-report-only');
    expect(trial).toContain("img-src 'self';");
    expect(trial).toContain(`'nonce-${nonce}'`);
    for (const name of ['content-security-policy', 'content-security-policy-report-only']) {
      expect(values.get(name)).toMatch(/; report-uri \/reports; report-to csp$/);
    }
    expect(values.get('reporting-endpoints')).toBe('csp="/reports"');
  });

  it.each<[string, SecurityHeadersOptions, RegExp]>([
    ['to nobody', { contentSecurityPolicyReportOnly: {} }, /ReportOnly reports to nobody/],
    [
      'what browsers ignore in it',
      { reports: { url: '/r' }, contentSecurityPolicyReportOnly: { sandbox: ['allow-forms'] } },
      /sandbox does nothing/,
    ],
    [
      'what is unsafe',
      { reports: { url: '/r' }, contentSecurityPolicyReportOnly: { scriptSrc: ["'unsafe-inline'"] } },
      /ReportOnly\.scriptSrc\[0\] lets injected scripts run/,
    ],
    [
      'and names its endpoint twice',
      { reports: { url: '/r' }, contentSecurityPolicyReportOnly: { reportUri: ['/x'] } },
      /report-uri is given twice/,
    ],
  ])('%s is refused', (_, options, message) => {
    expect(() => createSecurityHeaders(options)).toThrow(message);
  });
});

describe('the address of reports', () => {
  it.each(['/reports', '/a/b?c=d', 'https://csp.example/r', 'http://localhost:3000/reports'])(
    'may be %s',
    (url) => {
      expect(new Map(createSecurityHeaders({ reports: { url } }).always).get('reporting-endpoints')).toBe(
        `csp="${url}"`,
      );
    },
  );

  it.each([
    '',
    'reports',
    '//evil.example/r',
    'http://csp.example/r',
    'https://me:pw@csp.example/',
    '/r; script-src *',
    '/r,',
    '/r"',
    '/r\r\n',
    'javascript:alert(1)',
  ])('may not be %j', (url) => {
    expect(() => createSecurityHeaders({ reports: { url } })).toThrow(ConfigError);
  });

  it('may have a name of its own', () => {
    const headers = new Map(createSecurityHeaders({ reports: { url: '/r', endpoint: 'all' } }).always);
    expect(headers.get('reporting-endpoints')).toBe('all="/r"');
    expect(headers.get('content-security-policy')).toContain('report-to all');
  });
});
