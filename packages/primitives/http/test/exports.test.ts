import { expect, it } from 'vitest';
import * as http from '../src/index.js';

it('exports these names and no others', () => {
  expect(Object.keys(http).sort()).toEqual([
    'addressNetwork',
    'bearerToken',
    'canonicalAddress',
    'clearCookie',
    'clearSiteData',
    'createAddressList',
    'createClientResolver',
    'createCors',
    'createCsrf',
    'createHostCheck',
    'createProxyWatch',
    'createRedirects',
    'createSealedCookies',
    'createSecurityHeaders',
    'framing',
    'lintCsp',
    'parseCookies',
    'readReports',
    'securityTxt',
    'serializeCookie',
  ]);
});
