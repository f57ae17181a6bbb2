import { type MaybePromise, SecapiError, utf8 } from '@secapi/kernel';
import type { CryptoKey } from 'jose';
import { type Algorithm, checkAlgorithm, type KeyShape } from '../algorithms.js';
import type { TokensErrorCode } from '../errors.js';
import type { VerifyingKey } from '../key-ring.js';
import { fitsAlgorithm, isCryptoKey, webCryptoName } from './crypto-key.js';

/** Whether a signature is a key's over a text; at once where the runtime can. */
export type SignatureCheck = (signed: string, signature: Uint8Array<ArrayBuffer>) => MaybePromise<boolean>;

/** As much of `node:crypto` as is used; its types can't be named in code that runs anywhere. */
interface Engine {
  readonly constants: { readonly RSA_PKCS1_PADDING: number; readonly RSA_PKCS1_PSS_PADDING: number };
  readonly KeyObject: { from(key: CryptoKey): object };
  createSecretKey(bytes: Uint8Array): object;
  createHmac(hash: string, key: object): { update(text: string): { digest(): Uint8Array } };
  timingSafeEqual(a: Uint8Array, b: Uint8Array): boolean;
  verify(hash: string | null, data: Uint8Array, key: object, signature: Uint8Array): boolean;
}

/** As much of a runtime as is asked for. */
interface Runtime {
  readonly process?: { readonly getBuiltinModule?: (id: string) => unknown };
}

/**
 * The check of one key's signatures (RFC 7515 §5.2), made once for all of its tokens. Nothing in it makes an error for a
 * signature that is wrong: a flood of forged tokens costs their signatures and no more.
 *
 * With Node's own cryptography (also in Deno and Bun) it answers at once; WebCrypto answers from another thread, and
 * getting there and back costs as much as the signature itself.
 *
 * @throws SecapiError `TOKEN_STORE_INVALID` when the ring gave a key that isn't one of its algorithm
 */
export function createSignatureCheck(
  { alg, key }: VerifyingKey,
  runtime: Runtime = globalThis as Runtime,
): SignatureCheck {
  const { algorithm, shape } = checkAlgorithm('alg', alg);
  if (!fits(key, algorithm, shape)) {
    throw new SecapiError<TokensErrorCode>(
      'TOKEN_STORE_INVALID',
      `the key ring gave a key that is none for ${algorithm}`,
    );
  }
  // The cast: what is there is Node's module or one made like it.
  const engine = runtime.process?.getBuiltinModule?.('node:crypto') as Engine | undefined;
  const size = signatureSize(shape);
  const check = engine ? checkAtOnce(engine, key, algorithm) : checkElsewhere(key, algorithm, shape);
  return (signed, signature) =>
    size !== undefined && signature.length !== size ? false : check(signed, signature);
}

function checkAtOnce(engine: Engine, key: VerifyingKey['key'], alg: Algorithm): SignatureCheck {
  const hash = alg === 'EdDSA' ? null : `sha${alg.slice(2)}`;
  const object = key instanceof Uint8Array ? engine.createSecretKey(key) : engine.KeyObject.from(key);
  if (hash !== null && alg.startsWith('HS')) {
    return (signed, signature) =>
      engine.timingSafeEqual(engine.createHmac(hash, object).update(signed).digest(), signature);
  }
  const { RSA_PKCS1_PADDING, RSA_PKCS1_PSS_PADDING } = engine.constants;
  const settings = {
    key: object,
    ...(alg.startsWith('ES') && { dsaEncoding: 'ieee-p1363' as const }),
    ...(alg.startsWith('RS') && { padding: RSA_PKCS1_PADDING }),
    ...(alg.startsWith('PS') && { padding: RSA_PKCS1_PSS_PADDING, saltLength: Number(alg.slice(2)) / 8 }),
  };
  return (signed, signature) => engine.verify(hash, utf8(signed), settings, signature);
}

function checkElsewhere(key: VerifyingKey['key'], alg: Algorithm, shape: KeyShape): SignatureCheck {
  const hash = `SHA-${alg.slice(2)}`;
  const usable: MaybePromise<CryptoKey> =
    key instanceof Uint8Array
      ? crypto.subtle.importKey('raw', Uint8Array.from(key), { name: 'HMAC', hash }, false, ['verify'])
      : key;
  const settings = { name: webCryptoName(alg, shape), hash, saltLength: Number(alg.slice(2)) / 8 };
  return async (signed, signature) => crypto.subtle.verify(settings, await usable, signature, utf8(signed));
}

/** How long a signature is, in bytes; an RSA key says so itself. */
function signatureSize(shape: KeyShape): number | undefined {
  if (shape.kty === 'RSA') return undefined;
  return shape.kty === 'oct' ? shape.size : 2 * shape.size;
}

/** A ring of another make could bind a key to an algorithm that isn't its own: an RSA key to HMAC, say. */
function fits(key: unknown, alg: Algorithm, shape: KeyShape): boolean {
  if (key instanceof Uint8Array) return shape.kty === 'oct' && key.length >= shape.size;
  return isCryptoKey(key) && key.type !== 'private' && fitsAlgorithm(key, alg, shape);
}
