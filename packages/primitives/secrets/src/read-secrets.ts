import { readFileSync } from 'node:fs';
import { ConfigError, checkOptions } from '@secapi/kernel';
import { type SecretProblem, SecretsError } from './errors.js';
import type { SecretField } from './field.js';
import { type Secret, secret } from './secret.js';

/** Which variables hold which secrets. */
export type SecretsSchema = Readonly<Record<string, SecretField<unknown>>>;

/** The secrets of a schema, under the names of their variables. */
export type Secrets<S extends SecretsSchema> = {
  readonly [Name in keyof S]: S[Name] extends SecretField<infer T, infer Optional>
    ? Secret<T> | (Optional extends false ? never : undefined)
    : never;
};

/** Where secrets are read from. */
export interface ReadSecretsOptions {
  /** @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Reads the file that a variable ending in `_FILE` names. @default node:fs, as UTF-8 */
  readonly readFile?: (path: string) => string;
}

const longest = 65_536;

/**
 * Reads and checks every secret at once (ASVS v5.0.0-13.3.1). `NAME_FILE` names a file that holds the secret `NAME`.
 *
 * @example
 * ```ts
 * const { SIGNING_KEYS, DATABASE_URL } = readSecrets({ SIGNING_KEYS: jwks(), DATABASE_URL: optional(serviceUrl({ protocols: ['postgres:'] })) });
 * SIGNING_KEYS.reveal(); // the JWKs
 * ```
 * @throws SecretsError that names each variable that is missing, weak, malformed or used twice, and no value
 * @throws ConfigError when the schema or the options are none
 */
export function readSecrets<S extends SecretsSchema>(
  schema: S,
  options: ReadSecretsOptions = {},
): Secrets<S> {
  checkOptions('readSecrets', options, ['env', 'readFile']);
  const { env = process.env, readFile = (path: string) => readFileSync(path, 'utf8') } = options;
  const problems: SecretProblem[] = [];
  const texts = new Map<string, string>();
  const secrets: [string, Secret<unknown> | undefined][] = [];

  for (const [variable, field] of Object.entries(schema)) {
    if (!/^[A-Z][A-Z0-9_]{0,99}$/.test(variable) || typeof field?.read !== 'function') {
      throw new ConfigError(
        `readSecrets.${variable}`,
        'is not a variable with a field',
        'write, for example, PEPPER: keyBytes()',
      );
    }
    const found = textOf(variable, env, readFile);
    if (!found.ok) {
      problems.push({ variable: found.variable, problem: found.problem });
      continue;
    }
    const { text } = found;
    if (text === undefined) {
      if (field.optional) secrets.push([variable, undefined]);
      else
        problems.push({
          variable,
          problem: `is missing: set it, or ${variable}_FILE to the path of a file that holds it`,
        });
      continue;
    }
    const reading = field.read(text);
    const twin = texts.get(text);
    if (!reading.ok) problems.push({ variable, problem: reading.problem });
    else if (twin !== undefined)
      problems.push({ variable, problem: `is the same as ${twin}: use each secret for one purpose` });
    else secrets.push([variable, secret(reading.value)]);
    texts.set(text, twin ?? variable);
  }

  if (problems.length > 0) throw new SecretsError(problems);
  return Object.freeze(Object.fromEntries(secrets)) as Secrets<S>; // one for each variable of the schema
}

type Found = { ok: true; text: string | undefined } | ({ ok: false } & SecretProblem);

function textOf(
  name: string,
  env: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string,
): Found {
  const inEnv = ownText(env, name);
  const path = ownText(env, `${name}_FILE`);
  const variable = path === undefined ? name : `${name}_FILE`;
  if (inEnv !== undefined && path !== undefined) {
    return { ok: false, variable: name, problem: `and ${name}_FILE are both set: keep one` };
  }
  let text = inEnv;
  if (path !== undefined) {
    try {
      text = readFile(path).replace(/\r?\n$/, '');
    } catch (error) {
      return { ok: false, variable, problem: `names a file that can't be read${codeOf(error)}` };
    }
    if (text === '') return { ok: false, variable, problem: 'names an empty file' };
  }
  if (text === undefined) return { ok: true, text };
  if (text.length > longest) return { ok: false, variable, problem: `holds more than ${longest} characters` };
  if (text !== text.trim()) return { ok: false, variable, problem: 'begins or ends with white space' };
  if (/^(["']).*\1$/s.test(text))
    return { ok: false, variable, problem: 'is wrapped in quotes: take them off' };
  return { ok: true, text };
}

/** A variable's text; an empty one counts as none, as shells and containers set them. */
function ownText(env: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  return value === undefined || value === '' ? undefined : value;
}

function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^E[A-Z]{2,20}$/.test(code) ? ` (${code})` : '';
}
