import { describe, expect, it } from 'vitest';
import { type CsrfFacts, createCsrf, isOwnOrigin } from '../src/index.js';

const csrf = createCsrf({ trustedOrigins: ['https://app.example', 'https://*.tenants.example'] });
const careful = createCsrf({ trustedOrigins: [], oldBrowsers: 'token' });
const say = (check: typeof csrf, over: Partial<CsrfFacts>) => {
  const verdict = check({ method: 'POST', host: 'api.example', secure: true, ...over });
  return verdict.ok ? 'ok' : verdict.reason;
};

describe('no ambient credential, no check', () => {
  const cross = { secFetchSite: 'cross-site', origin: 'https://evil.example' };

  it('a Bearer token without a cookie is nothing that a page can forge', () => {
    expect(say(csrf, { ...cross, bearer: true, cookie: false })).toBe('ok');
    expect(say(careful, { origin: 'null', bearer: true, cookie: false })).toBe('ok');
  });

  it('with a cookie, with neither, and where nobody looked, the check holds', () => {
    expect(say(csrf, { ...cross, bearer: true, cookie: true })).toBe('CSRF_CROSS_SITE');
    expect(say(csrf, { ...cross, bearer: true })).toBe('CSRF_CROSS_SITE');
    expect(say(csrf, { ...cross, cookie: false })).toBe('CSRF_CROSS_SITE');
    expect(say(csrf, { ...cross, bearer: false, cookie: false })).toBe('CSRF_CROSS_SITE');
  });
});

describe('an old browser, which sends neither header', () => {
  it('is asked for a token where it sent a cookie and the policy wants one', () => {
    expect(say(careful, { cookie: true })).toBe('CSRF_TOKEN');
    expect(say(careful, {})).toBe('CSRF_TOKEN');
    expect(say(careful, { origin: '', secFetchSite: '' })).toBe('CSRF_TOKEN');
    expect(say(csrf, { cookie: true })).toBe('ok');
  });

  it('is not asked where it sent none, or what it does is safe', () => {
    expect(say(careful, { cookie: false })).toBe('ok');
    expect(say(careful, { method: 'GET', cookie: true })).toBe('ok');
  });

  it('never gets past the other two headers by a token', () => {
    expect(say(careful, { origin: 'https://evil.example' })).toBe('CSRF_ORIGIN');
    expect(say(careful, { secFetchSite: 'cross-site' })).toBe('CSRF_CROSS_SITE');
    expect(say(careful, { secFetchSite: 'same-origin' })).toBe('ok');
  });
});

describe('origins that look like a trusted one', () => {
  it.each([
    'null',
    'https://app.example.evil.test',
    'https://evil-app.example',
    'https://app.example:8443',
    'https://app.example:443',
    'http://app.example',
    'https://APP.example',
    'https://app.example/',
    'https://app.example.',
    'https://sub.app.example',
    'https://user@app.example',
    'https://tenants.example',
    'https://eviltenants.example',
    'https://a.tenants.example.evil.test',
    'http://a.tenants.example',
    'https://a.tenants.example:8443',
    'https://evil.test#.tenants.example',
    'https://app.example, https://evil.test',
    'app.example',
    '__proto__',
  ])('%s is none', (origin) => {
    expect(say(csrf, { origin })).toBe('CSRF_ORIGIN');
    for (const secFetchSite of ['cross-site', 'same-site'])
      expect(say(csrf, { origin, secFetchSite })).toBe('CSRF_CROSS_SITE');
  });

  it('the honest ones pass, on the site’s own subdomains too where they are named', () => {
    for (const origin of [
      'https://app.example',
      'https://a.tenants.example',
      'https://a.b.tenants.example',
    ]) {
      expect(say(csrf, { origin })).toBe('ok');
      for (const secFetchSite of ['cross-site', 'same-site'])
        expect(say(csrf, { origin, secFetchSite })).toBe('ok');
    }
  });
});

describe('the own origin', () => {
  it.each<[string, string | undefined, number | undefined, boolean, boolean]>([
    ['https://api.example', 'api.example', undefined, true, true],
    ['https://api.example', 'API.EXAMPLE', undefined, true, true],
    ['https://api.example', 'api.example:443', undefined, true, true],
    ['https://api.example:8443', 'api.example', 8_443, true, true],
    ['https://api.example', 'api.example', 8_443, true, false],
    ['https://api.example:8443', 'api.example', undefined, true, false],
    ['http://api.example', 'api.example', undefined, true, false],
    ['http://api.example', 'api.example', undefined, false, true],
    ['http://api.example:8080', 'api.example:8080', undefined, false, true],
    ['https://[::1]:3000', '[::1]:3000', undefined, true, true],
    ['https://x.api.example', 'api.example', undefined, true, false],
    ['https://api.example.evil', 'api.example', undefined, true, false],
    ['https://', '', undefined, true, false],
    ['https://api.example', undefined, undefined, true, false],
    ['ftp://api.example', 'api.example', undefined, false, false],
    ['null', 'null', undefined, false, false],
  ])('%s of %s, port %s, secure %s: %s', (origin, host, port, secure, expected) => {
    expect(isOwnOrigin(origin, { host, port, secure })).toBe(expected);
  });
});

it('refuses options that it does not know', () => {
  expect(() => createCsrf({ trustedOrigins: [], oldBrowsers: 'tokens' as never })).toThrow(/oldBrowsers/);
  expect(() => createCsrf({ trustedOrigins: ['https://*.com'] })).toThrow(/trustedOrigins\[0\]/);
});
