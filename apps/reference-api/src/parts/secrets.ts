import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError, randomToken } from '@secapi/kernel';
import {
  type Environment,
  jwks,
  keyBytes,
  type NamedKey,
  namedKeys,
  optional,
  readSecrets,
  type SecretProblem,
} from '@secapi/secrets';
import { createKeyRing, generateKey, type JWK } from '@secapi/tokens';

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

/** The variables that are keys. */
export const secrets = {
  SIGNING_KEYS: jwks(),
  PASSWORD_PEPPER: keyBytes({ min: 32 }),
  DEVICE_KEY: keyBytes({ min: 32 }),
  LIMIT_KEY: keyBytes({ min: 32 }),
  KEY_SEAL: optional(namedKeys({ min: 32 })),
};

/** The keys of an environment. */
export function secretsOf(found: Environment<typeof secrets>): AppSecrets {
  return {
    signingKeys: found.SIGNING_KEYS.reveal() as readonly JWK[], // their strength is judged by the key ring
    pepper: found.PASSWORD_PEPPER.reveal(),
    deviceKey: found.DEVICE_KEY.reveal(),
    limitKey: found.LIMIT_KEY.reveal(),
    keySeals: found.KEY_SEAL?.reveal(),
  };
}

/** What is wrong with the signing keys that the key ring alone can tell, such as how strong they are. */
export async function weakSigningKeys(env: NodeJS.ProcessEnv): Promise<readonly SecretProblem[]> {
  try {
    const { SIGNING_KEYS } = readSecrets({ SIGNING_KEYS: jwks() }, { env });
    await createKeyRing({ keys: SIGNING_KEYS.reveal() as readonly JWK[] });
    return [];
  } catch (error) {
    // What can't even be read is told of with everything else.
    return error instanceof ConfigError
      ? [{ variable: 'SIGNING_KEYS', problem: `are refused: ${error.message}` }]
      : [];
  }
}

/** The secrets that aren't set, for development: made once and kept under a folder. */
export async function developmentSecrets(
  folder: string,
  env: NodeJS.ProcessEnv,
): Promise<Record<string, string>> {
  const names = Object.keys(secrets);
  if (names.every((name) => env[name] || env[`${name}_FILE`])) return {};
  const path = join(folder, 'development-secrets.json');
  const text = await readFile(path, 'utf8').catch(() => '{}');
  const kept = JSON.parse(text) as Record<string, string>; // this very function wrote it
  const made = { ...(names.every((name) => kept[name]) ? {} : await makeSecrets()), ...kept };
  if (names.some((name) => !kept[name])) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const draft = `${path}.${randomToken(16)}`;
    await writeFile(draft, JSON.stringify(made, null, 2), { mode: 0o600 });
    await rename(draft, path); // whole at once: a process that is killed leaves no half of a secret
  }
  return Object.fromEntries(
    names.filter((name) => !env[`${name}_FILE`]).map((name) => [name, made[name] ?? '']),
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
