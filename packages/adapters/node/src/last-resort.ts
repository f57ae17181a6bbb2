import { ConfigError, checkNumber, checkOptions, type Duration, toMilliseconds } from '@secapi/kernel';

/** What happens when nobody caught an error. */
export interface LastResortOptions {
  /** Takes no more requests, and resolves when those under way have their answers: what `stoppable(server)` gives. */
  readonly stop: () => Promise<unknown>;
  /** Gets the error. It must mask what it writes, as `createJsonLog` of `@secapi/audit` does with a redactor. */
  readonly log: { error(message: string, fields?: object): void };
  /** Ends what the requests stood on, such as databases, once they are answered. */
  readonly close?: () => Promise<unknown>;
  /** The process ends after this at the latest, answered or not. @default '10s' */
  readonly within?: Duration;
  /** @default 1 */
  readonly exitCode?: number;
}

/** What is used of a process. */
export interface ProcessLike {
  exitCode?: number | string | null | undefined;
  on(event: 'uncaughtException' | 'unhandledRejection', listener: (error: unknown) => void): unknown;
  off(event: 'uncaughtException' | 'unhandledRejection', listener: (error: unknown) => void): unknown;
  exit(code: number): unknown;
  readonly stderr: { write(text: string): unknown };
}

/** What follows an error may be many more; their lines must not be what fills the disk. */
const mostLines = 20;

/**
 * Ends the process in order when an exception or a rejection was caught by nobody: nothing in it can be relied on any more
 * (ASVS v5.0.0-16.5.4). The error is logged, no more requests are taken, those under way are answered within bounds, and
 * the exit code says that it was no orderly end, so that whatever watches the process starts another.
 *
 * An error of a request never comes here: adapters answer it. What does is of work that no request waits for.
 *
 * @returns takes it off again
 * @throws ConfigError for options that make no sense
 * @example
 * ```ts
 * lastResort({ stop: stoppable(server), log, close: () => pool.end() });
 * ```
 */
export function lastResort(options: LastResortOptions): () => void {
  return watchProcess(process, options);
}

/** The same for any process. */
export function watchProcess(target: ProcessLike, options: LastResortOptions): () => void {
  checkOptions('lastResort', options, ['stop', 'log', 'close', 'within', 'exitCode']);
  const { stop, log, close = async () => {} } = options;
  for (const [name, value] of Object.entries({ stop, close, 'log.error': log?.error })) {
    if (typeof value !== 'function')
      throw new ConfigError(`lastResort.${name}`, 'is not a function', 'write stop: stoppable(server), log');
  }
  const limit = toMilliseconds('lastResort.within', options.within ?? '10s', { max: 300 });
  // 0 would be taken for an orderly end, and above 127 for a signal.
  const exitCode = checkNumber('lastResort.exitCode', options.exitCode ?? 1, { min: 1, max: 127 });
  let lines = 0;
  let ending = false;

  function tell(message: string, error: unknown): void {
    if (lines++ >= mostLines) return;
    try {
      log.error(message, { error });
    } catch {
      target.stderr.write(`${message}, and it could not be logged\n`); // nothing of it, for it is not masked
    }
  }

  async function end(): Promise<void> {
    try {
      await stop();
      await close();
    } catch (error) {
      tell('the process could not be ended in order', error);
    }
    target.exit(exitCode);
  }

  function onFailure(message: string): (error: unknown) => void {
    return function failed(error) {
      target.exitCode = exitCode; // also where the process ends before this is through
      tell(message, error);
      if (ending) return;
      ending = true;
      setTimeout(() => target.exit(exitCode), limit).unref();
      void end();
    };
  }

  const onException = onFailure('an exception was caught by nobody, the process ends');
  const onRejection = onFailure('a rejection was caught by nobody, the process ends');
  target.on('uncaughtException', onException);
  target.on('unhandledRejection', onRejection);
  return function takeOff() {
    target.off('uncaughtException', onException);
    target.off('unhandledRejection', onRejection);
  };
}
