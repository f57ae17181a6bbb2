import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomToken } from '@secapi/kernel';
import { jwks, keyBytes, type NamedKey, namedKeys, optional, readSecrets } from '@secapi/secrets';
import { generateKey, type JWK } from '@secapi/tokens';

/** What must not be known to anybody; each key has one purpose. */
export interface AppSecrets {
  /** Private keys that sign access tokens; the first signs, the others still verify. */
  readonly signingKeys: readonly JWK[];
  /** Goes into every password hash, so that a stolen database alone can't be guessed at. */
  readonly pepper: Uint8Array;
  /** Signs device cookies and keys the digests of accounts. */
  readonly deviceKey: Uint8Array;
  /** Keys the digests of clients in Redis. */
  readonly limitKey: Uint8Array;
  /** Seals the signing keys in the database, the first of them; absent where those of `signingKeys` are all there are. */
  readonly keySeals: readonly NamedKey[] | undefined;
}

const schema = {
  SIGNING_KEYS: jwks(),
  PASSWORD_PEPPER: keyBytes({ min: 32 }),
  DEVICE_KEY: keyBytes({ min: 32 }),
  LIMIT_KEY: keyBytes({ min: 32 }),
  KEY_SEAL: optional(namedKeys({ min: 32 })),
};

/**
 * The secrets from the environment or from files (`SIGNING_KEYS_FILE` …); in development those that aren't set are made
 * once and kept under the data folder.
 *
 * @throws SecretsError naming every one that is missing or weak
 */
export async function loadSecrets(options: {
  readonly env: NodeJS.ProcessEnv;
  readonly production: boolean;
  readonly dataFolder: string;
}): Promise<AppSecrets> {
  const { env, production, dataFolder } = options;
  const given = production ? env : { ...(await developmentSecrets(dataFolder, env)), ...env };
  const found = readSecrets(schema, { env: given });
  return {
    signingKeys: found.SIGNING_KEYS.reveal() as readonly JWK[], // their strength is judged by the key ring
    pepper: found.PASSWORD_PEPPER.reveal(),
    deviceKey: found.DEVICE_KEY.reveal(),
    limitKey: found.LIMIT_KEY.reveal(),
    keySeals: found.KEY_SEAL?.reveal(),
  };
}

async function developmentSecrets(folder: string, env: NodeJS.ProcessEnv): Promise<Record<string, string>> {
  const names = Object.keys(schema);
  if (names.every((name) => env[name] || env[`${name}_FILE`])) return {};
  const path = join(folder, 'development-secrets.json');
  const text = await readFile(path, 'utf8').catch(() => '{}');
  const kept = JSON.parse(text) as Record<string, string>; // this very function wrote it
  const secrets = { ...(names.every((name) => kept[name]) ? {} : await makeSecrets()), ...kept };
  if (names.some((name) => !kept[name])) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const draft = `${path}.${randomToken(16)}`;
    await writeFile(draft, JSON.stringify(secrets, null, 2), { mode: 0o600 });
    await rename(draft, path); // whole at once: a process that is killed leaves no half of a secret
  }
  return Object.fromEntries(
    names.filter((name) => !env[`${name}_FILE`]).map((name) => [name, secrets[name] ?? '']),
  );
}

async function makeSecrets(): Promise<Record<string, string>> {
  return {
    SIGNING_KEYS: JSON.stringify({ keys: [await generateKey()] }),
    PASSWORD_PEPPER: randomToken(32),
    DEVICE_KEY: randomToken(32),
    LIMIT_KEY: randomToken(32),
    KEY_SEAL: `s1:${randomToken(32)}`,
  };
}
