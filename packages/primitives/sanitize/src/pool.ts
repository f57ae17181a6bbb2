import {
  checkNumber,
  checkOptions,
  type Duration,
  SecapiError,
  type Size,
  toBytes,
  toMilliseconds,
} from '@secapi/kernel';
import type { SanitizeErrorCode } from './errors.js';
import type { SanitizeResult } from './rules.js';
import type { Runner } from './runner.js';
import { type Outcome, startThread, type Thread } from './thread.js';
import type { Task } from './worker.js';

/** Options of {@link createSanitizerPool}. */
export interface SanitizerPoolOptions {
  /** How many threads there may be, each of some 100 MB; a second one is started when the first has too much to do. @default 2 */
  readonly workers?: number;
  /** How long a thread may work on one text. @default '5s' */
  readonly timeLimit?: Duration;
  /** How much memory a thread's objects may take. @default '256mb' */
  readonly memory?: Size;
  /** How many texts may wait for a thread. @default 250 */
  readonly maxQueue?: number;
}

/** Threads that sanitizers share, so that none of them holds up the others' event loop. */
export interface SanitizerPool {
  /** Starts the first thread now and not on first use. */
  load(): Promise<void>;
  /** Takes nothing new, finishes what was taken, for as long as one text may take, and ends the threads. */
  close(): Promise<void>;
}

interface Job {
  readonly task: Task;
  resolve(result: SanitizeResult): void;
  reject(error: SecapiError): void;
}

const minute = 60_000;
const runners = new WeakMap<SanitizerPool, Runner>();

/** What a pool does for sanitizers, and for nobody else. */
export function runnerOf(pool: SanitizerPool): Runner | undefined {
  return runners.get(pool);
}

/**
 * A pool of threads in which HTML is sanitized. A text that takes too long or too much memory loses its thread and is refused; another thread
 * takes its place. Threads are started on first use and never keep a process alive that has nothing else to do.
 *
 * @throws ConfigError when an option is unknown or out of bounds
 */
export function createSanitizerPool(options: SanitizerPoolOptions = {}): SanitizerPool {
  checkOptions('sanitizerPool', options, ['workers', 'timeLimit', 'memory', 'maxQueue']);
  const workers = checkNumber('sanitizerPool.workers', options.workers ?? 2, { min: 1, max: 64 });
  const timeLimit = toMilliseconds('sanitizerPool.timeLimit', options.timeLimit ?? '5s', { max: 600 });
  const memory = toBytes('sanitizerPool.memory', options.memory ?? '256mb');
  checkNumber('sanitizerPool.memory', memory, { min: 64 * 1_048_576, max: 2 ** 30 });
  const maxQueue = checkNumber('sanitizerPool.maxQueue', options.maxQueue ?? 250, { min: 1, max: 100_000 });

  const queue: Job[] = [];
  const threads = new Set<Thread>();
  const loading = new Set<Thread>();
  const free: Thread[] = [];
  let growing = 0; // those that load, and those that will in a moment
  let unsettled = 0;
  let waiting = 0;
  let starting: Promise<SecapiError | undefined> | undefined;
  let closing: Promise<void> | undefined;
  let settled = (): void => {};
  let quiet: NodeJS.Timeout | undefined;

  function next(): void {
    for (let thread = free.at(-1); thread && queue.length > 0; thread = free.at(-1)) {
      free.pop();
      const job = queue.shift();
      if (job) void serve(thread, job);
    }
    if (queue.length > growing && threads.size + growing < workers) void grow();
    hold();
  }

  function hold(): void {
    for (const thread of loading) thread.hold(queue.length > 0 || waiting > 0);
  }

  /** Resolves with why there isn't one thread more. */
  function grow(): Promise<SecapiError | undefined> {
    growing++;
    starting = startOne();
    return starting;
  }

  async function startOne(): Promise<SecapiError | undefined> {
    let thread: Thread;
    try {
      thread = startThread((await import('node:worker_threads')).Worker, memory);
    } catch (cause) {
      growing--;
      return giveUp(failure('SANITIZER_FAILED', "no thread can be started; use pool: 'none' here", cause));
    }
    loading.add(thread);
    hold();
    const outcome = await thread.ask(undefined, minute);
    growing--;
    loading.delete(thread);
    if (typeof outcome === 'object' && 'ready' in outcome) {
      threads.add(thread);
      thread.hold(false);
      free.push(thread);
      next();
      return undefined;
    }
    await thread.end();
    return giveUp(loadFailure(outcome));
  }

  /** Without any thread, nobody is left who could take what waits. */
  function giveUp(error: SecapiError): SecapiError {
    if (threads.size + growing === 0) for (const job of queue.splice(0)) job.reject(error);
    return error;
  }

  async function serve(thread: Thread, { task, resolve, reject }: Job): Promise<void> {
    thread.hold(true);
    const outcome = await thread.ask(task, timeLimit);
    thread.hold(false);
    if (typeof outcome === 'object') {
      if ('result' in outcome) resolve(outcome.result);
      else reject(failure('SANITIZER_FAILED', 'a text could not be sanitized'));
      free.push(thread);
      rest();
    } else {
      threads.delete(thread);
      if (outcome === 'lost')
        reject(closing ? closed() : failure('SANITIZER_FAILED', 'a thread ended by itself'));
      else resolve({ ok: false, reason: outcome === 'slow' ? 'HTML_TOO_SLOW' : 'HTML_TOO_HEAVY' });
      if (threads.size + growing === 0 && !closing) void grow(); // the next text should not have to wait for it
    }
    next();
  }

  /** After a minute without work one thread is enough. */
  function rest(): void {
    if (threads.size < 2) return;
    quiet ??= setTimeout(() => {
      quiet = undefined;
      for (const thread of free.splice(1)) {
        threads.delete(thread);
        void thread.end();
      }
    }, minute).unref();
    quiet.refresh();
  }

  function clean(html: string, rules: string): Promise<SanitizeResult> {
    if (closing) throw closed();
    if (queue.length >= maxQueue) {
      throw failure('SANITIZER_BUSY', 'too many texts wait for a thread; try again later');
    }
    unsettled++;
    return new Promise<SanitizeResult>((resolve, reject) => {
      queue.push({ task: { html, rules }, resolve, reject });
      next();
    }).finally(() => {
      if (--unsettled === 0) settled();
    });
  }

  async function load(): Promise<void> {
    if (closing) throw closed();
    if (threads.size > 0) return;
    waiting++;
    hold();
    const error = await (growing > 0 && starting ? starting : grow());
    waiting--;
    if (error) throw error;
  }

  async function end(): Promise<void> {
    if (unsettled > 0) {
      await new Promise<void>((resolve) => {
        settled = resolve;
        setTimeout(resolve, timeLimit).unref();
      });
    }
    clearTimeout(quiet);
    for (const job of queue.splice(0)) job.reject(closed());
    await Promise.all([...threads, ...loading].map((thread) => thread.end()));
  }

  function close(): Promise<void> {
    closing ??= end();
    return closing;
  }

  const pool: SanitizerPool = { load, close };
  const texts = new WeakMap<object, string>();
  runners.set(pool, {
    load,
    close,
    async clean(html, rules) {
      const text = texts.get(rules) ?? JSON.stringify(rules);
      texts.set(rules, text);
      return clean(html, text);
    },
  });
  return pool;
}

function closed(): SecapiError {
  return failure('SANITIZER_CLOSED', 'the sanitizer was closed');
}

function failure(code: SanitizeErrorCode, message: string, cause?: unknown): SecapiError {
  return new SecapiError(code, message, cause === undefined ? {} : { cause });
}

function loadFailure(outcome: Outcome): SecapiError {
  if (typeof outcome !== 'object' || !('failed' in outcome)) {
    return failure('SANITIZER_FAILED', 'a thread did not load jsdom and DOMPurify');
  }
  const { code, message } = outcome.failed;
  return code === 'SANITIZER_OUTDATED' || code === 'SANITIZER_UNSUPPORTED'
    ? failure(code, message)
    : failure('SANITIZER_FAILED', `a thread could not load jsdom and DOMPurify: ${message}`);
}
