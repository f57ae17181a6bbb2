import { SecapiError } from '@secapi/kernel';
import type { TokensErrorCode } from '../errors.js';
import { type RingKey, toPublicJwk } from '../internal/ring-key.js';
import type { KeyRing, VerifyingKey } from '../key-ring.js';
import { acceptableKeys } from './acceptable-keys.js';
import { fetchJwks } from './fetch-jwks.js';
import { checkRemoteOptions, type RemoteKeyRingOptions } from './remote-options.js';

/** The public keys of another issuer, for verifiers; it signs nothing. */
export interface RemoteKeyRing extends KeyRing {
  /**
   * Fetches the keys now, unless that is under way: at start, say, so that the first token needn't wait.
   *
   * @throws SecapiError `KEYS_UNAVAILABLE` when they can't be had (as a rejection); what the ring has it keeps
   */
  refresh(): Promise<void>;
  fetchKey(kid: string): Promise<VerifyingKey | undefined>;
}

/**
 * Makes a key ring of a JWK set elsewhere. It is fetched when a token needs it: once for all who wait, once in `cooldown` at most,
 * however many tokens name keys that nobody has. Where it can't be had anew, the keys that were had go on for `staleIfError`; after that, and
 * before there are any, a verifier rejects with `KEYS_UNAVAILABLE`.
 *
 * @throws ConfigError when an option is missing, unknown or unsafe
 * @example
 * ```ts
 * const keys = createRemoteKeyRing({ url: 'https://issuer.example/.well-known/jwks.json', algorithms: ['RS256'] });
 * ```
 */
export function createRemoteKeyRing(options: RemoteKeyRingOptions): RemoteKeyRing {
  const rules = checkRemoteOptions(options);
  const { now, maxAge, cooldown, staleIfError, algorithms } = rules;
  let keys: ReadonlyMap<string, RingKey> = new Map();
  let freshUntil = Number.NEGATIVE_INFINITY;
  let staleUntil = Number.NEGATIVE_INFINITY;
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<boolean> | undefined;

  function ask(): Promise<boolean> {
    asking ??= load().finally(() => {
      asking = undefined;
    });
    return asking;
  }

  async function load(): Promise<boolean> {
    askedAt = now();
    const jwks = await fetchJwks(rules);
    const time = now();
    if (!jwks) {
      // Until it may be asked again, what is there is used as before.
      freshUntil = Math.min(Math.max(freshUntil, time + cooldown), staleUntil);
      return false;
    }
    keys = await acceptableKeys(jwks, algorithms, keys);
    freshUntil = time + maxAge;
    staleUntil = freshUntil + staleIfError;
    return true;
  }

  const verifying = (kid: string): VerifyingKey | undefined =>
    now() < freshUntil ? keys.get(kid)?.verifying : undefined;

  return {
    algorithms,
    signing() {
      throw new SecapiError<TokensErrorCode>(
        'SIGNING_KEY_MISSING',
        'the keys of another issuer sign nothing here',
      );
    },
    verifying,
    async fetchKey(kid) {
      const known = verifying(kid);
      if (known) return known;
      const time = now();
      // A clock that was set back must not keep it from asking until the time has come again.
      if (asking || time >= askedAt + cooldown || time < askedAt) await ask();
      if (now() < staleUntil) return keys.get(kid)?.verifying;
      throw unavailable();
    },
    async refresh() {
      if (!(await ask())) throw unavailable();
    },
    jwks: () => ({ keys: now() < staleUntil ? [...keys.values()].map(toPublicJwk) : [] }),
  };
}

function unavailable(): SecapiError<TokensErrorCode> {
  return new SecapiError('KEYS_UNAVAILABLE', 'the JWK set of the issuer can not be had');
}
