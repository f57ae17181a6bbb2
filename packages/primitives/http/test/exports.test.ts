import { expect, it } from 'vitest';
import * as http from '../src/index.js';

it('exports these names and no others', () => {
  expect(Object.keys(http).sort()).toEqual([
    'bearerToken',
    'canonicalAddress',
    'clearCookie',
    'createClientResolver',
    'createCors',
    'createCsrf',
    'createHostCheck',
    'createSecurityHeaders',
    'framing',
    'parseCookies',
    'securityTxt',
    'serializeCookie',
  ]);
});
