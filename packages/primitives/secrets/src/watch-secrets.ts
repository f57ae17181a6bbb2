import { ConfigError, checkOptions, type Duration, toMilliseconds } from '@secapi/kernel';
import type { SecretProblem, SecretsError } from './errors.js';
import {
  type Environment,
  type EnvironmentSchema,
  type Examined,
  examine,
  type ReadEnvironmentOptions,
  refusal,
} from './read-environment.js';

/** How an environment is watched. */
export interface WatchSecretsOptions<S extends EnvironmentSchema = EnvironmentSchema>
  extends ReadEnvironmentOptions<S> {
  /** How often the files are read again, 1 s to a day. @default never: only when `reload()` is called */
  readonly every?: Duration;
  /** Told when the new ones make no sense, and the old ones stay. Said once for each new set of problems. */
  readonly onRefused?: (error: SecretsError) => void;
  /** Told when a subscriber fails; the others are told all the same. */
  readonly onError?: (error: unknown) => void;
}

/** What is new. */
export interface SecretsChange<S extends EnvironmentSchema = EnvironmentSchema> {
  readonly current: Environment<S>;
  readonly previous: Environment<S>;
  /** The variables whose texts are others now. */
  readonly changed: readonly (keyof S & string)[];
}

/** What came of a reload: the names of what changed, or why the old ones stay. */
export type Reloaded<S extends EnvironmentSchema = EnvironmentSchema> =
  | { readonly ok: true; readonly changed: readonly (keyof S & string)[] }
  | { readonly ok: false; readonly problems: readonly SecretProblem[] };

/** An environment that can be read again while the process runs. */
export interface WatchedSecrets<S extends EnvironmentSchema> {
  /** The set in force, whole and frozen. Ask for it where it is used, or subscribe. */
  current(): Environment<S>;
  /** Reads everything again: a new set takes the place of the old one whole, or not at all. */
  reload(): Reloaded<S>;
  /** Tells of every new set once it is in force. @returns how to hear no more of it */
  subscribe(listener: (change: SecretsChange<S>) => void | Promise<void>): () => void;
  /** Reads nothing any more by itself. */
  close(): void;
}

/**
 * Reads an environment as {@link readEnvironment} does, and again for rotation (ASVS v5.0.0-13.3.4): what `*_FILE` names may
 * be replaced while the process runs. The environment itself never changes in a process; its files do.
 *
 * @example
 * ```ts
 * const secrets = watchSecrets({ SESSION_SECRET: secretText() }, { onRefused: (error) => log.error(error.message) });
 * process.on('SIGHUP', () => secrets.reload());
 * ```
 * @throws SecretsError when the first reading makes no sense
 * @throws ConfigError when the schema or the options are none
 */
export function watchSecrets<S extends EnvironmentSchema>(
  schema: S,
  options: WatchSecretsOptions<S> = {},
): WatchedSecrets<S> {
  checkOptions('watchSecrets', options, ['env', 'readFile', 'check', 'every', 'onRefused', 'onError']);
  const { every, onRefused, onError, ...source } = options;
  for (const [name, listener] of Object.entries({ onRefused, onError })) {
    if (listener !== undefined && typeof listener !== 'function')
      throw new ConfigError(`watchSecrets.${name}`, 'is not a function', `write ${name}: (error) => …`);
  }
  const pause =
    every === undefined ? undefined : toMilliseconds('watchSecrets.every', every, { min: 1, max: 86_400 });
  const listeners = new Set<(change: SecretsChange<S>) => void | Promise<void>>();
  let standing = examine(schema, source);
  if (standing.problems.length > 0) throw refusal(schema, standing.problems);
  let refused: string | undefined;

  function reload(): Reloaded<S> {
    const next = examine(schema, source);
    if (next.problems.length > 0) {
      const error = refusal(schema, next.problems);
      if (error.message !== refused) onRefused?.(error);
      refused = error.message;
      return { ok: false, problems: error.problems };
    }
    refused = undefined;
    const changed = changesOf(standing, next);
    if (changed.length === 0) return { ok: true, changed };
    const previous = valuesOf(standing);
    // What did not change stays the very object that others may hold.
    const kept = Object.entries(previous).filter(([name]) => !changed.includes(name));
    standing = { ...next, found: Object.freeze({ ...next.found, ...Object.fromEntries(kept) }) };
    tell({ current: valuesOf(standing), previous, changed });
    return { ok: true, changed };
  }

  function tell(change: SecretsChange<S>): void {
    const complain = (error: unknown): void => onError?.(error);
    for (const listener of [...listeners]) {
      try {
        void Promise.resolve(listener(change)).catch(complain);
      } catch (error) {
        complain(error);
      }
    }
  }

  const timer = pause === undefined ? undefined : setInterval(reload, pause).unref();
  return {
    current: () => valuesOf(standing),
    reload,
    subscribe(listener) {
      const own: typeof listener = (change) => listener(change); // so that one function may subscribe twice
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    close: () => clearInterval(timer),
  };
}

function changesOf<S extends EnvironmentSchema>(one: Examined<S>, other: Examined<S>): (keyof S & string)[] {
  return [...other.texts.keys()].filter((name) => one.texts.get(name) !== other.texts.get(name));
}

function valuesOf<S extends EnvironmentSchema>({ found }: Examined<S>): Environment<S> {
  return found as Environment<S>; // only a reading without problems is ever kept, and that has them all
}
