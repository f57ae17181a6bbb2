import { type Algorithm, checkAlgorithm } from '../algorithms.js';
import { loadKey, type RingKey } from '../internal/ring-key.js';

const secrets = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/**
 * The keys of a JWK set that can be used, by `kid`. Whatever else it holds is passed over: a set is for all of an issuer's clients, and
 * nobody has to understand every key of it (RFC 7517 §5).
 *
 * A key that is known already stays the same object, so that what was verified with it stays so.
 */
export async function acceptableKeys(
  jwks: readonly unknown[],
  algorithms: readonly Algorithm[],
  known: ReadonlyMap<string, RingKey>,
): Promise<ReadonlyMap<string, RingKey>> {
  const keys = new Map<string, RingKey>();
  for (const jwk of jwks) {
    const key = await toKey(jwk, algorithms);
    if (!key || keys.has(key.kid)) continue;
    const before = known.get(key.kid);
    const isSame = before?.thumbprint === key.thumbprint && before.alg === key.alg;
    keys.set(key.kid, isSame ? { ...key, verifying: before.verifying } : key);
  }
  return keys;
}

async function toKey(value: unknown, algorithms: readonly Algorithm[]): Promise<RingKey | undefined> {
  if (typeof value !== 'object' || value === null || !('kty' in value)) return undefined;
  // Its private half is known to everybody.
  if (secrets.some((name) => Object.hasOwn(value, name))) return undefined;
  const alg = 'alg' in value ? value.alg : onlyFit(value, algorithms);
  if (!algorithms.some((algorithm) => algorithm === alg)) return undefined;
  // An end that it names itself is none of a JWK's members, and an issuer withdraws a key by leaving it out.
  return loadKey('remoteKeyRing', { ...value, alg, exp: undefined }).catch(() => undefined);
}

/** The one of the algorithms that a key without `alg` fits, where there is only one: the configuration chooses then, and no token. */
function onlyFit(jwk: object, algorithms: readonly Algorithm[]): Algorithm | undefined {
  const { kty, crv } = jwk as { readonly kty?: unknown; readonly crv?: unknown }; // only compared
  const fitting = algorithms.filter((algorithm) => {
    const { shape } = checkAlgorithm('algorithms', algorithm);
    return shape.kty === kty && (!('crv' in shape) || shape.crv === crv);
  });
  return fitting.length === 1 ? fitting[0] : undefined;
}
