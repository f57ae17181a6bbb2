import { describe, expect, it } from 'vitest';
import { type CsrfFacts, createCsrf } from '../src/index.js';

const csrf = createCsrf({ trustedOrigins: ['https://app.example'] });
const check = (over: Partial<CsrfFacts>) => {
  const verdict = csrf({ method: 'POST', host: 'api.example', secure: true, ...over });
  return verdict.ok ? 'ok' : verdict.reason;
};

// The cases of Go's TestCrossOriginProtection, and ours.
it.each<[string, Partial<CsrfFacts>, string]>([
  ['same-origin', { secFetchSite: 'same-origin' }, 'ok'],
  ['none, a user who typed', { secFetchSite: 'none' }, 'ok'],
  ['cross-site', { secFetchSite: 'cross-site' }, 'CSRF_CROSS_SITE'],
  ['same-site, a subdomain', { secFetchSite: 'same-site' }, 'CSRF_CROSS_SITE'],
  ['an unknown value', { secFetchSite: 'same-origin, cross-site' }, 'CSRF_CROSS_SITE'],
  [
    'cross-site though the origin matches',
    { secFetchSite: 'cross-site', origin: 'https://api.example' },
    'CSRF_CROSS_SITE',
  ],
  ['cross-site from a trusted origin', { secFetchSite: 'cross-site', origin: 'https://app.example' }, 'ok'],
  ['cross-site from the null origin', { secFetchSite: 'cross-site', origin: 'null' }, 'CSRF_CROSS_SITE'],
  ['neither header, no browser', {}, 'ok'],
  ['an empty origin', { origin: '' }, 'ok'],
  ['the own origin', { origin: 'https://api.example' }, 'ok'],
  [
    'the own origin with a default port in Host',
    { origin: 'https://api.example', host: 'api.example:443' },
    'ok',
  ],
  ['the own origin, Host in capitals', { origin: 'https://api.example', host: 'API.example' }, 'ok'],
  ['the own origin on a port', { origin: 'https://api.example:8443', host: 'api.example:8443' }, 'ok'],
  [
    'the own origin in plain',
    { origin: 'http://localhost:3000', host: 'localhost:3000', secure: false },
    'ok',
  ],
  ['https before an undeclared proxy', { origin: 'https://api.example', secure: false }, 'ok'],
  ['a plain page to a secure request', { origin: 'http://api.example' }, 'CSRF_ORIGIN'],
  ['another port', { origin: 'https://api.example:8443' }, 'CSRF_ORIGIN'],
  ['another origin', { origin: 'https://evil.example' }, 'CSRF_ORIGIN'],
  ['an origin that ends like ours', { origin: 'https://evil-api.example' }, 'CSRF_ORIGIN'],
  ['an origin that begins like ours', { origin: 'https://api.example.evil' }, 'CSRF_ORIGIN'],
  ['a trusted origin', { origin: 'https://app.example' }, 'ok'],
  ['the null origin', { origin: 'null' }, 'CSRF_ORIGIN'],
  ['no host', { origin: 'https://api.example', host: undefined }, 'CSRF_ORIGIN'],
  ['an empty host', { origin: 'https://', host: '' }, 'CSRF_ORIGIN'],
])('%s', (_, over, expected) => {
  expect(check(over)).toBe(expected);
});

describe('methods', () => {
  it.each(['GET', 'HEAD', 'OPTIONS'])('%s is safe', (method) => {
    expect(check({ method, secFetchSite: 'cross-site' })).toBe('ok');
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'get', 'Get', 'TRACE', 'QUERY', ''])('%s is not', (method) => {
    expect(check({ method, secFetchSite: 'cross-site' })).toBe('CSRF_CROSS_SITE');
  });
});

it('refuses trusted origins that no browser sends', () => {
  expect(() => createCsrf({ trustedOrigins: ['https://app.example/'] })).toThrow(
    /write 'https:\/\/app\.example'/,
  );
  expect(() => createCsrf({ trustedOrigins: ['null'] })).toThrow(/csrf\.trustedOrigins\[0\]/);
});
