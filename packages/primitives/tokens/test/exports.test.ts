import { expect, it } from 'vitest';
import * as tokens from '../src/index.js';

it('exports these names and no others', () => {
  expect(Object.keys(tokens).sort()).toEqual([
    'createAccessTokenIssuer',
    'createKeyRing',
    'createManagedKeyRing',
    'createOneTimeTokens',
    'createRefreshFamilies',
    'createRemoteKeyRing',
    'createSignatureVerifier',
    'createTokenVerifier',
    'generateKey',
    'introspect',
    'jwksResponse',
    'memoryKeyStore',
    'memoryOneTimeStore',
    'memoryRefreshStore',
    'memoryRevocations',
    'revokeToken',
  ]);
});
