import { type WatchedSecrets, watchSecrets } from '@secapi/secrets';
import { type Config, checkSettings, configOf, settings } from './config.js';
import { type AppSecrets, developmentSecrets, secrets, secretsOf, weakSigningKeys } from './parts/secrets.js';

const schema = { ...settings, ...secrets };
const dataFolder = '.data';

/** All that the environment says, read and checked at once. */
export interface AppEnvironment {
  readonly config: Config;
  readonly secrets: AppSecrets;
  /** The same, to read again. */
  readonly watched: WatchedSecrets<typeof schema>;
}

/**
 * Reads the environment and the files that it names. Outside of production, secrets that aren't set are made once and kept
 * under the data folder.
 *
 * @throws SecretsError naming everything that is missing, weak or makes no sense, settings and secrets together
 */
export async function loadEnvironment(given: NodeJS.ProcessEnv): Promise<AppEnvironment> {
  const set = Object.fromEntries(Object.entries(given).filter(([, text]) => text !== ''));
  const made = set.NODE_ENV === 'production' ? {} : await developmentSecrets(dataFolder, set);
  const env = { ...made, ...set };
  let atStart = await weakSigningKeys(env);
  const watched = watchSecrets(schema, { env, check: (found) => [...checkSettings(found), ...atStart] });
  atStart = []; // what comes later is judged when it comes
  const found = watched.current();
  return { config: configOf(found), secrets: secretsOf(found), watched };
}
