import { fromBase64Url, type MaybePromise } from '@secapi/kernel';
import type { JwsRefusal } from '../errors.js';
import type { KeyRing, VerifyingKey } from '../key-ring.js';
import { headerPart, isType, type JwsHeader, parseHeader } from './compact.js';
import { createGenerations } from './generations.js';
import { createSignatureCheck, type SignatureCheck } from './signature.js';

/** What a header was found to demand. */
export interface Demand {
  readonly kid: string;
  readonly key: VerifyingKey;
}

/** A compact JWS whose signature is its key's. */
export interface SignedJws extends Demand {
  readonly header: JwsHeader;
  /** The payload in base64url. */
  readonly payload: string;
}

/** What a reader accepts. */
export interface JwsRules {
  readonly keys: KeyRing;
  readonly algorithms: ReadonlySet<unknown>;
  /** The `typ` that is demanded, in lower case. */
  readonly type?: string | undefined;
  /** The one key that may have signed; the header may then leave its `kid` out. */
  readonly kid?: string | undefined;
}

/** Reads a compact JWS; `onForged` hears of one that its key did not sign. */
export type JwsReader = (
  jws: string,
  onForged?: (demand: Demand) => void,
) => MaybePromise<SignedJws | JwsRefusal>;

/** A token that was taken apart, before its key is known. */
interface Candidate extends Pick<SignedJws, 'header' | 'kid'> {
  readonly jws: string;
  readonly headerPart: string;
  readonly isFamiliar: boolean;
  readonly onForged: ((demand: Demand) => void) | undefined;
}

/**
 * Makes a reader of compact JWS (RFC 7515 §5.2). It answers at once where the runtime can and the ring has the key, and no refusal
 * makes an error.
 */
export function createJwsReader({ keys, algorithms, type, kid: only }: JwsRules): JwsReader {
  // Headers of verified tokens, read once: an issuer has one for each of its keys, and nobody else can add any.
  const headers = createGenerations<JwsHeader>(64);
  const checks = new WeakMap<VerifyingKey, SignatureCheck>();

  function read(jws: string, onForged?: (demand: Demand) => void): MaybePromise<SignedJws | JwsRefusal> {
    const part = headerPart(jws);
    if (part === undefined) return 'malformed';
    const familiar = headers.get(part);
    const header = familiar ?? parseHeader(part);
    if (!header) return 'malformed';
    if (!algorithms.has(header.alg)) return 'algorithm';
    if (type !== undefined && !isType(header.typ, type)) return 'type';
    if (header.isCritical) return 'critical';
    const kid = kidOf(header);
    if (kid === undefined) return 'unknown_key';
    const candidate = { jws, headerPart: part, header, kid, isFamiliar: familiar !== undefined, onForged };
    const key = keys.verifying(kid);
    if (key || !keys.fetchKey) return check(candidate, key);
    return Promise.resolve(keys.fetchKey(kid)).then((found) => check(candidate, found));
  }

  function kidOf({ kid }: JwsHeader): string | undefined {
    if (only !== undefined) return kid === undefined || kid === only ? only : undefined;
    return typeof kid === 'string' && kid.length <= 256 ? kid : undefined;
  }

  function check(candidate: Candidate, key: VerifyingKey | undefined): MaybePromise<SignedJws | JwsRefusal> {
    const { jws, header, kid } = candidate;
    if (!key) return 'unknown_key';
    if (key.alg !== header.alg) return 'algorithm';
    const end = jws.lastIndexOf('.');
    const signature = fromBase64Url(jws.slice(end + 1));
    if (!signature) return 'malformed';
    const right = checkOf(key)(jws.slice(0, end), signature);
    return typeof right === 'boolean'
      ? settle(candidate, { kid, key }, right)
      : right.then((answer) => settle(candidate, { kid, key }, answer));
  }

  function settle(candidate: Candidate, demand: Demand, signed: boolean): SignedJws | JwsRefusal {
    const { jws, headerPart: part, header, isFamiliar, onForged } = candidate;
    if (signed !== true) {
      onForged?.(demand);
      return 'signature';
    }
    if (!isFamiliar) headers.set(part, header);
    return { ...demand, header, payload: jws.slice(part.length + 1, jws.lastIndexOf('.')) };
  }

  function checkOf(key: VerifyingKey): SignatureCheck {
    let made = checks.get(key);
    if (!made) {
      made = createSignatureCheck(key);
      checks.set(key, made);
    }
    return made;
  }

  return read;
}
