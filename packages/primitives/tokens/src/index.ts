export type { MaybePromise } from '@secapi/kernel';
export type { JWK } from 'jose';
export {
  type AccessTokenInput,
  type AccessTokenIssuer,
  type AccessTokenIssuerOptions,
  createAccessTokenIssuer,
} from './access-token.js';
export type { Algorithm } from './algorithms.js';
export type { AccessClaims } from './claims.js';
export type { JwsRefusal, TokenRefusal, TokensErrorCode } from './errors.js';
export { generateKey } from './generate-key.js';
export {
  createKeyRing,
  type KeyEntry,
  type KeyObjectLike,
  type KeyRing,
  type KeyRingOptions,
  type SigningKey,
  type VerifyingKey,
} from './key-ring.js';
export { type JwksResponse, jwksResponse } from './keys/jwks-response.js';
export type { KeyRecord, KeyStore } from './keys/key-store.js';
export {
  createManagedKeyRing,
  type ManagedKey,
  type ManagedKeyRing,
} from './keys/managed-key-ring.js';
export type { ManagedKeyRingOptions } from './keys/managed-options.js';
export { memoryKeyStore } from './keys/memory-key-store.js';
export type { KeyPhase } from './keys/phases.js';
export type { Seal } from './keys/seal.js';
export { type MemoryOneTimeStoreOptions, memoryOneTimeStore } from './memory-one-time-store.js';
export { type MemoryRefreshStoreOptions, memoryRefreshStore } from './memory-refresh-store.js';
export {
  type MemoryRevocations,
  type MemoryRevocationsOptions,
  memoryRevocations,
} from './memory-revocations.js';
export {
  type IntrospectInput,
  type Introspection,
  introspect,
} from './oauth/introspect.js';
export { type RevokedToken, type RevokeTokenInput, revokeToken } from './oauth/revoke-token.js';
export type { OneTimeRecord, OneTimeStore } from './one-time-store.js';
export {
  createOneTimeTokens,
  type OneTimeConsume,
  type OneTimeIssue,
  type OneTimeTokens,
  type OneTimeTokensOptions,
} from './one-time-tokens.js';
export {
  createRefreshFamilies,
  type RefreshFamilies,
  type RefreshFamiliesOptions,
  type RotateResult,
  type Session,
} from './refresh-families.js';
export type {
  Device,
  RefreshFamilyRecord,
  RefreshStore,
  RotateInput,
  RotateOutcome,
} from './refresh-store.js';
export { createRemoteKeyRing, type RemoteKeyRing } from './remote/remote-key-ring.js';
export type { FetchLike, RemoteKeyRingOptions } from './remote/remote-options.js';
export type { RevocationEntry, RevocationStore } from './revocation.js';
export {
  createSignatureVerifier,
  type SignatureVerdict,
  type SignatureVerifier,
  type SignatureVerifierOptions,
} from './signature-verifier.js';
export { createTokenVerifier, type TokenVerdict, type TokenVerifier } from './verifier.js';
export type { TokenVerifierOptions } from './verifier-options.js';
