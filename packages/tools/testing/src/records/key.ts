import type { KeyRecord } from '@secapi/tokens';

/** A record with the public key of RFC 8037. */
export function recordOf(kid: string, more: Partial<KeyRecord> = {}): KeyRecord {
  return {
    kid,
    alg: 'EdDSA',
    publicKey: { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' },
    sealed: 'eyJhbGciOiJkaXIifQ..iv.text.tag',
    createdAt: 1_800_000_000_000,
    activeAt: 1_800_000_000_000.5, // half a millisecond shows a store that rounds
    ...more,
  };
}
