import { fromBase64Url } from '@secapi/kernel';
import { type Reading, type SecretField, wrong } from './field.js';
import { bitsOfKey } from './fields.js';
import { isExample } from './internal/examples.js';
import { weaknessOfBytes } from './internal/weak.js';

/** A JSON Web Key (RFC 7517) as far as it is looked at here; whoever uses it checks its algorithm and strength. */
export type SecretJwk = {
  readonly kty: string;
  readonly kid?: string;
  readonly alg?: string;
  readonly use?: string;
  readonly crv?: string;
  readonly x?: string;
  readonly y?: string;
  readonly n?: string;
  readonly e?: string;
  readonly d?: string;
  readonly k?: string;
};

/**
 * Signing keys: a JWK, a list of them or a JWK set (`{ "keys": [ … ] }`) as JSON, of which the first private one signs.
 *
 * Text that is no JSON, such as PEM, is refused: what kind of key a text is, is never guessed.
 */
export function jwks(): SecretField<readonly SecretJwk[], false> {
  return { optional: false, read: readKeys };
}

function readKeys(text: string): Reading<readonly SecretJwk[]> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return wrong('is not JSON: write a JWK, a list of JWKs or a JWK set');
  }
  const list: unknown =
    isObject(parsed) && 'keys' in parsed ? parsed.keys : Array.isArray(parsed) ? parsed : [parsed];
  if (!Array.isArray(list) || list.length === 0 || list.length > 100)
    return wrong('holds no list of 1 to 100 JWKs');
  for (const [i, key] of list.entries()) {
    const problem = problemOf(key);
    if (problem) return wrong(`has a key (number ${i + 1}) that ${problem}`);
  }
  const keys = list as readonly SecretJwk[]; // each was looked at just above
  const isPrivate = keys.some((key) => key.d !== undefined || key.k !== undefined);
  return isPrivate ? { ok: true, value: keys } : wrong('holds public keys only: one must be able to sign');
}

function problemOf(key: unknown): string | undefined {
  if (!isObject(key) || typeof key.kty !== 'string') return 'is not a JWK';
  for (const member of ['kid', 'alg', 'use', 'crv', 'x', 'y', 'n', 'e', 'd', 'k']) {
    if (Object.hasOwn(key, member) && typeof key[member] !== 'string')
      return `has a member ${member} that is not a text`;
  }
  for (const member of ['d', 'k', 'n']) {
    if (typeof key[member] === 'string' && isExample(key[member]))
      return 'is a well-known example: make one with generateKey() of @secapi/tokens';
  }
  if (key.kty !== 'oct') return undefined;
  const bytes = typeof key.k === 'string' ? fromBase64Url(key.k) : undefined;
  if (bytes === undefined || bytes.length < 32)
    return 'is symmetric and shorter than 32 bytes (RFC 7518 section 3.2)';
  return weaknessOfBytes(bytes, bitsOfKey(32));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
