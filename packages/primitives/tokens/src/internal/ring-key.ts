import { ConfigError, checkOptions, randomToken } from '@secapi/kernel';
import { type CryptoKey, exportJWK, type JWK } from 'jose';
import { checkAlgorithm } from '../algorithms.js';
import type { KeyEntry, KeyObjectLike, VerifyingKey } from '../key-ring.js';
import { fitsAlgorithm, isCryptoKey } from './crypto-key.js';
import { importKey, tryOut, type UsableKey } from './import-key.js';
import { type CheckedJwk, checkJwk } from './jwk.js';

/** A key of a ring: checked, imported and tried out. What made it is gone: the runtime alone can still use its private half. */
export interface RingKey extends Omit<CheckedJwk, 'privatePart'>, UsableKey {
  readonly verifying: VerifyingKey;
}

/**
 * Makes a ring's key from a JWK, or from a {@link KeyEntry} with a CryptoKey, a KeyObject or a JWK. Nothing is ever guessed from a text.
 *
 * @throws ConfigError (as a rejection) when it is none, too weak, of another kind than its algorithm, or can't be used in this runtime
 */
export async function loadKey(option: string, value: unknown): Promise<RingKey> {
  const entry = isEntry(value);
  const loaded = entry ? await fromEntry(option, value) : await fromJwk(option, value);
  const { usable } = loaded;
  const { privatePart: _, ...checked } = loaded.checked;
  return { ...checked, ...usable, verifying: { alg: checked.alg, key: usable.verify } };
}

/** A key as it stands in a JWK set. */
export function toPublicJwk({ publicPart, kid, alg }: Pick<RingKey, 'publicPart' | 'kid' | 'alg'>): JWK {
  return { ...publicPart, kid, alg, use: 'sig' };
}

interface Loaded {
  readonly checked: CheckedJwk;
  readonly usable: UsableKey;
}

async function fromJwk(option: string, value: unknown): Promise<Loaded> {
  const checked = checkJwk(option, value);
  return { checked, usable: await importKey(option, checked) };
}

// A JWK has no member of this name, and an entry has no `kty`.
function isEntry(value: unknown): value is KeyEntry {
  return typeof value === 'object' && value !== null && 'key' in value && !('kty' in value);
}

async function fromEntry(option: string, entry: KeyEntry): Promise<Loaded> {
  checkOptions(option, entry, ['kid', 'alg', 'key', 'publicKey', 'exp']);
  const { kid, alg, key, publicKey, exp } = entry;
  checkAlgorithm(`${option}.alg`, alg);
  const named = (jwk: object): object => ({ ...jwk, kid, alg, ...(exp === undefined ? {} : { exp }) });
  if (!isCryptoKey(key) || key.extractable) {
    return fromJwk(option, named(await toJwk(`${option}.key`, key, alg)));
  }
  checkFit(`${option}.key`, key, alg);
  if (key.type === 'secret') return fromHiddenSecret(option, key, named({ kty: 'oct' }));
  if (publicKey === undefined) {
    throw new ConfigError(
      option,
      'has a key that is not extractable, and no public key',
      'add publicKey: pair.publicKey, which the JWKS and the check need',
    );
  }
  const { checked, usable } = await fromJwk(
    option,
    named(await toJwk(`${option}.publicKey`, publicKey, alg)),
  );
  if (checked.privatePart) {
    throw new ConfigError(`${option}.publicKey`, 'is private', 'pass the public half');
  }
  return { checked, usable: { ...usable, sign: await checkPair(option, key, usable.verify, checked) } };
}

/** A secret that no one can read any more: its size and purpose are known, its content only to the runtime. */
async function fromHiddenSecret(option: string, key: CryptoKey, jwk: object): Promise<Loaded> {
  const sign = key.usages.includes('sign') ? { sign: key } : {};
  // Checked with a stand-in, which leaves again: kid, alg and exp have one place where they are checked.
  const { privatePart: _, ...checked } = checkJwk(option, { ...jwk, k: randomToken(64) });
  if (sign.sign) await checkPair(option, key, key, checked);
  return { checked, usable: { verify: key, ...sign, thumbprint: randomToken() } };
}

async function checkPair(
  option: string,
  sign: CryptoKey,
  verify: CryptoKey,
  { alg }: CheckedJwk,
): Promise<CryptoKey> {
  try {
    await tryOut(alg, sign, verify);
    return sign;
  } catch {
    throw new ConfigError(option, `can't sign with ${alg}`, 'pass two halves that belong together');
  }
}

async function toJwk(option: string, key: unknown, alg: KeyEntry['alg']): Promise<JWK> {
  if (isCryptoKey(key)) checkFit(option, key, alg);
  else if (typeof key === 'object' && key !== null && 'kty' in key) return checkAlg(option, key as JWK, alg); // a JWK: all of it is checked later
  try {
    const { alg: _, key_ops, ext, ...jwk } = isCryptoKey(key) ? await exportJWK(key) : exportObject(key);
    return jwk;
  } catch {
    throw new ConfigError(
      option,
      'is not a key that can be exported',
      'pass a CryptoKey, a KeyObject or a JWK; a text, PEM or bytes are never taken, and a public key is extractable',
    );
  }
}

function exportObject(key: unknown): JWK {
  const { type, export: toFormat } = (key ?? {}) as Partial<KeyObjectLike>; // each member is looked at
  if (!['secret', 'public', 'private'].includes(type ?? '') || typeof toFormat !== 'function') {
    throw new TypeError('not a KeyObject');
  }
  return (key as KeyObjectLike).export({ format: 'jwk' }) as JWK; // what it returns is checked like any JWK
}

function checkAlg(option: string, jwk: JWK, alg: string): JWK {
  if (jwk.alg === undefined || jwk.alg === alg) return jwk;
  throw new ConfigError(`${option}.alg`, 'is another one than the entry has', 'a key has one algorithm');
}

function checkFit(option: string, key: CryptoKey, alg: KeyEntry['alg']): void {
  const { algorithm, shape } = checkAlgorithm(option, alg);
  if (fitsAlgorithm(key, algorithm, shape)) return;
  throw new ConfigError(
    option,
    `does not fit ${alg}`,
    'use a CryptoKey made for this algorithm, hash, curve and size, whose usages are sign or verify alone',
  );
}
