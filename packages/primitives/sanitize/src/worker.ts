import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { SecapiError } from '@secapi/kernel';
import { cleanWith } from './cleaner.js';
import { createEngine, type Engine, type Libraries } from './engine.js';
import type { Rules, SanitizeResult } from './rules.js';

/** What a thread is told; `rules` are {@link Rules} as JSON, so that it sees at once whether they are those of the last text. */
export interface Task {
  readonly html: string;
  readonly rules: string;
}

/** What a thread says: first whether it has loaded, then of each text what became of it. */
export type Report =
  | { readonly ready: true }
  | { readonly result: SanitizeResult }
  | { readonly failed: { readonly code: string | undefined; readonly message: string } };

/** What a thread is made with: where to look for the libraries from. */
export interface Beginning {
  readonly base: string;
}

const say = (report: Report): void => parentPort?.postMessage(report);

let rules: Rules;
let known = '';

function work(engine: Engine, { html, rules: wanted }: Task): Report {
  try {
    if (wanted !== known) {
      rules = JSON.parse(wanted) as Rules; // written by the pool
      known = wanted;
    }
    return { result: cleanWith(engine, html, rules) };
  } catch {
    // what was thrown could hold somebody's text
    return { failed: { code: undefined, message: 'a text could not be sanitized' } };
  }
}

try {
  const load = createRequire((workerData as Beginning).base);
  const libraries: Libraries = { jsdom: load('jsdom'), createDOMPurify: load('dompurify') };
  const engine = createEngine(libraries);
  parentPort?.on('message', (task: Task) => say(work(engine, task)));
  say({ ready: true });
} catch (error) {
  const code = error instanceof SecapiError ? error.code : undefined;
  say({ failed: { code, message: error instanceof Error ? error.message : 'jsdom could not be loaded' } });
}
