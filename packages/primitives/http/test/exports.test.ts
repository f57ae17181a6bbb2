import { expect, it } from 'vitest';
import * as http from '../src/index.js';

it('exports these names and no others', () => {
  expect(Object.keys(http).sort()).toEqual([
    'addressNetwork',
    'bearerToken',
    'canonicalAddress',
    'clearCookie',
    'clearSiteData',
    'cloudRanges',
    'createAddressList',
    'createClientResolver',
    'createCors',
    'createCsrf',
    'createCsrfTokens',
    'createHostCheck',
    'createOriginLookup',
    'createProxyWatch',
    'createRedirects',
    'createSealedCookies',
    'createSecurityHeaders',
    'framing',
    'isOwnOrigin',
    'lintCsp',
    'parseCookies',
    'readReports',
    'securityTxt',
    'serializeCookie',
  ]);
});
