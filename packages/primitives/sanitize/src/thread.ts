import { pathToFileURL } from 'node:url';
import type { Worker } from 'node:worker_threads';
import type { Beginning, Report, Task } from './worker.js';
import { workerCode } from './worker-code.data.js';

/** What came of asking a thread: its report, or how it ended instead. */
export type Outcome = Report | 'slow' | 'heavy' | 'lost';

/** A thread with an engine of its own, which does one thing at a time. */
export interface Thread {
  /** Resolves, and never rejects, with what became of the task, or of loading where none is given. A thread that ended is of no more use. */
  ask(task: Task | undefined, milliseconds: number): Promise<Outcome>;
  /** Whether the process lives on for it. */
  hold(on: boolean): void;
  end(): Promise<void>;
}

/** Where this package, or the bundle that it is part of, finds its dependencies. A bundle of CommonJS doesn't know its own place. */
const base = (import.meta.url as string | undefined) ?? pathToFileURL(`${process.cwd()}/`).href;

/**
 * Starts a thread.
 *
 * Its code is a text and no file, so that there is nothing that a bundler could leave behind. It sees neither the environment nor the arguments
 * of the process, and prints nothing.
 */
export function startThread(Thread: typeof Worker, memory: number): Thread {
  const worker = new Thread(workerCode, {
    eval: true,
    workerData: { base } satisfies Beginning,
    env: {},
    argv: [],
    execArgv: [],
    stdout: true,
    stderr: true,
    name: 'secapi-sanitize',
    resourceLimits: { maxOldGenerationSizeMb: Math.ceil(memory / 1_048_576) },
  });
  let settle: ((outcome: Outcome) => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  let fate: Outcome = 'lost';
  let ended = false;

  function tell(outcome: Outcome): void {
    clearTimeout(timer);
    const resolve = settle;
    settle = undefined;
    resolve?.(outcome);
  }

  worker.on('message', tell);
  worker.on('error', (error: Error & { code?: string }) => {
    if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') fate = 'heavy';
  });
  worker.on('exit', () => {
    ended = true;
    tell(fate);
  });

  function ask(task: Task | undefined, milliseconds: number): Promise<Outcome> {
    return new Promise((resolve) => {
      if (ended) return resolve(fate);
      settle = resolve;
      timer = setTimeout(() => {
        tell('slow');
        void worker.terminate();
      }, milliseconds);
      timer.unref();
      if (task) worker.postMessage(task);
    });
  }

  async function end(): Promise<void> {
    await worker.terminate();
  }

  function hold(on: boolean): void {
    if (on) worker.ref();
    else worker.unref();
  }

  return { ask, hold, end };
}
