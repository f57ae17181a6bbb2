import type { Log } from '@secapi/audit';
import { toMilliseconds } from '@secapi/kernel';
import { type Database, postgresKeyStore } from '@secapi/postgres';
import { createKeyRing, createManagedKeyRing, type KeyRing, type ManagedKeyRing } from '@secapi/tokens';
import type { Config } from '../config.js';
import type { AppSecrets } from './secrets.js';

/** The keys that sign access tokens. */
export interface Keys {
  readonly ring: KeyRing;
  /** The same ring where keys are kept sealed in the database and rotate; else they are those of `SIGNING_KEYS`. */
  readonly managed: ManagedKeyRing | undefined;
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
    return { ring: await createKeyRing({ keys: signingKeys }), managed: undefined, close: async () => {} };
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
    async close() {
      clearInterval(timer);
      await underWay;
    },
  };
}
