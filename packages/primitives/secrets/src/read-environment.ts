import { ConfigError, checkOptions } from '@secapi/kernel';
import { type SecretProblem, SecretsError } from './errors.js';
import { isSetting, type SecretField, type SettingField } from './field.js';
import { readSmallFile, readTexts } from './internal/source.js';
import { type Secret, secret } from './secret.js';

/** Which variables hold which secrets and settings. */
export type EnvironmentSchema = Readonly<Record<string, SecretField<unknown>>>;

/** What was read of a schema, under the names of the variables: secrets hidden, settings as they are. */
export type Environment<S extends EnvironmentSchema> = {
  readonly [Name in keyof S]: S[Name] extends SettingField<infer T, infer Optional>
    ? T | (Optional extends false ? never : undefined)
    : S[Name] extends SecretField<infer T, infer Optional>
      ? Secret<T> | (Optional extends false ? never : undefined)
      : never;
};

/** Where an environment is read from. */
export interface ReadEnvironmentOptions<S extends EnvironmentSchema = EnvironmentSchema> {
  /** @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Reads the file that a variable ending in `_FILE` names. @default node:fs: regular files of UTF-8 up to 64 KiB */
  readonly readFile?: (path: string) => string;
  /**
   * What is wrong between variables that are each good by themselves, such as two that must be set together. What
   * couldn't be read is absent. Its texts hold no value.
   */
  readonly check?: (found: Partial<Environment<S>>) => readonly SecretProblem[];
}

/** What came of one reading: the texts are kept to tell what changes later. */
export interface Examined<S extends EnvironmentSchema> {
  readonly problems: readonly SecretProblem[];
  readonly found: Partial<Environment<S>>;
  readonly texts: ReadonlyMap<string, string | undefined>;
}

/**
 * Reads and checks a whole environment at once, settings and secrets: every problem is found, not only the first (ASVS
 * v5.0.0-13.3.1). `NAME_FILE` names a file that holds `NAME`; an empty variable is none.
 *
 * @example
 * ```ts
 * const { PORT, SESSION_SECRET } = readEnvironment({ PORT: withDefault(integer({ min: 0, max: 65_535 }), 3000), SESSION_SECRET: secretText() });
 * ```
 * @throws SecretsError that names each variable that is missing, weak, malformed or used twice, and no value
 * @throws ConfigError when the schema or the options are none
 */
export function readEnvironment<S extends EnvironmentSchema>(
  schema: S,
  options: ReadEnvironmentOptions<S> = {},
): Environment<S> {
  checkOptions('readEnvironment', options, ['env', 'readFile', 'check']);
  const examined = examine(schema, options);
  if (examined.problems.length > 0) throw refusal(schema, examined.problems);
  return examined.found as Environment<S>; // without a problem there is one for each variable
}

/**
 * Reads and checks every secret at once: {@link readEnvironment} for those who take only their secrets from it.
 *
 * @throws SecretsError that names each variable that is missing, weak, malformed or used twice, and no value
 * @throws ConfigError when the schema or the options are none
 */
export function readSecrets<S extends EnvironmentSchema>(
  schema: S,
  options: Omit<ReadEnvironmentOptions<S>, 'check'> = {},
): Environment<S> {
  checkOptions('readSecrets', options, ['env', 'readFile']);
  return readEnvironment(schema, options);
}

/** The error of some problems, which speaks of secrets where there is nothing else in the schema. */
export function refusal(schema: EnvironmentSchema, problems: readonly SecretProblem[]): SecretsError {
  return new SecretsError(problems, Object.values(schema).some(isSetting) ? 'variable' : 'secret');
}

/** Reads a schema's variables and says what is wrong with them. */
export function examine<S extends EnvironmentSchema>(
  schema: S,
  { env = process.env, readFile = readSmallFile, check }: ReadEnvironmentOptions<S>,
): Examined<S> {
  for (const [variable, field] of Object.entries(schema)) checkField(variable, field);
  const problems: SecretProblem[] = [];
  const texts = new Map<string, string | undefined>();
  const twins = new Map<string, string>();
  const found: [string, unknown][] = [];

  for (const [variable, source] of readTexts(Object.keys(schema), { env, readFile })) {
    const field = schema[variable];
    if (!field) continue;
    if (!source.ok) {
      problems.push({ variable: source.variable, problem: source.problem });
      continue;
    }
    texts.set(variable, source.text);
    const outcome =
      source.text === undefined ? absent(variable, field) : read(variable, field, source.text, twins);
    const where = source.ofFile ? ` (in the file that ${variable}_FILE names)` : '';
    if (outcome.ok) found.push([variable, outcome.value]);
    else problems.push({ variable, problem: outcome.problem + where });
  }

  const values = Object.freeze(Object.fromEntries(found)) as Partial<Environment<S>>; // as the fields have read them
  return { problems: [...problems, ...(check?.(values) ?? [])], found: values, texts };
}

type Outcome =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problem: string };

function absent(variable: string, field: SecretField<unknown>): Outcome {
  if (isSetting(field) && field.fallback) return { ok: true, value: field.fallback.value };
  if (field.optional) return { ok: true, value: undefined };
  return {
    ok: false,
    problem: `is missing: set it, or ${variable}_FILE to the path of a file that holds it`,
  };
}

function read(
  variable: string,
  field: SecretField<unknown>,
  text: string,
  twins: Map<string, string>,
): Outcome {
  if (isSetting(field)) {
    const trimmed = text.trim();
    return trimmed === ''
      ? { ok: false, problem: 'holds only white space: write a value, or nothing' }
      : field.read(trimmed);
  }
  const twin = twins.get(text);
  twins.set(text, twin ?? variable);
  if (text !== text.trim()) return { ok: false, problem: 'begins or ends with white space: take it off' };
  if (/^(["']).*\1$/s.test(text)) return { ok: false, problem: 'is wrapped in quotes: take them off' };
  const reading = field.read(text);
  if (reading.ok && twin !== undefined)
    return { ok: false, problem: `is the same as ${twin}: use each secret for one purpose` };
  return reading.ok ? { ok: true, value: secret(reading.value) } : reading;
}

function checkField(variable: string, field: SecretField<unknown>): void {
  if (/^[A-Z][A-Z0-9_]{0,99}$/.test(variable) && typeof field?.read === 'function') return;
  throw new ConfigError(
    `schema.${variable}`,
    'is not a variable with a field',
    'write, for example, PEPPER: keyBytes()',
  );
}
