import type { Log } from '@secapi/audit';
import { ConfigError, toMilliseconds } from '@secapi/kernel';
import { type Database, postgresKeyStore } from '@secapi/postgres';
import {
  createKeyRing,
  createManagedKeyRing,
  type JWK,
  type KeyRing,
  type ManagedKeyRing,
} from '@secapi/tokens';
import type { Config } from '../config.js';
import type { AppSecrets } from './secrets.js';

/** The keys that sign access tokens. */
export interface Keys {
  readonly ring: KeyRing;
  /** The same ring where keys are kept sealed in the database and rotate; else they are those of `SIGNING_KEYS`. */
  readonly managed: ManagedKeyRing | undefined;
  /** Puts others in the place of those of `SIGNING_KEYS`; absent where these only began the rotation. @throws ConfigError */
  readonly replace: ((keys: readonly JWK[]) => Promise<void>) | undefined;
  close(): Promise<void>;
}

/** As long as an access token may live, and clocks differ. */
const verifyFor = '20m';

/**
 * Opens the keys. With `KEY_SEAL` they rotate by the clock, the first of them being those of `SIGNING_KEYS`, and every
 * process learns of a new key well before it signs.
 */
export async function openKeys(
  config: Config,
  secrets: AppSecrets,
  database: Database,
  log: Log,
): Promise<Keys> {
  const { signingKeys, keySeals } = secrets;
  if (!keySeals) {
    const { ring, replace } = await createReplaceableRing(signingKeys);
    return { ring, managed: undefined, replace, close: async () => {} };
  }
  const ring = await createManagedKeyRing({
    store: postgresKeyStore(database),
    seal: keySeals,
    seed: signingKeys,
    rotateEvery: config.keyRotation,
    publishFor: config.keyPublishFor,
    verifyFor,
  });
  let underWay: Promise<unknown> = Promise.resolve();
  const refresh = (): void => {
    // A store that is out of reach for a while changes nothing: the keys that are known go on.
    underWay = ring
      .refresh()
      .catch((error: unknown) => log.error('the signing keys could not be read', { error }));
  };
  const timer = setInterval(
    refresh,
    Math.min(60_000, toMilliseconds('KEY_PUBLISH_FOR', config.keyPublishFor) / 4),
  );
  timer.unref();
  return {
    ring,
    managed: ring,
    replace: undefined,
    async close() {
      clearInterval(timer);
      await underWay;
    },
  };
}

/** A ring whose keys can be replaced, all at once. Tokens of a key that leaves it are worth nothing from then on. */
async function createReplaceableRing(
  keys: readonly JWK[],
): Promise<{ ring: KeyRing; replace(keys: readonly JWK[]): Promise<void> }> {
  let standing = await createKeyRing({ keys });
  const { algorithms } = standing;
  return {
    ring: {
      algorithms,
      signing: () => standing.signing(),
      verifying: (kid) => standing.verifying(kid),
      jwks: () => standing.jwks(),
    },
    async replace(others) {
      const next = await createKeyRing({ keys: others });
      // What verifies tokens was made for these algorithms, and takes no other.
      if (!next.algorithms.every((algorithm) => algorithms.includes(algorithm)))
        throw new ConfigError('SIGNING_KEYS', 'have an algorithm that is new', 'start the API anew with it');
      standing = next;
    },
  };
}
