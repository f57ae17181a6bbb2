import { cleanWith } from './cleaner.js';
import { createEngine, type Engine } from './engine.js';
import type { Rules, SanitizeResult } from './rules.js';

/** Where texts are cleaned. */
export interface Runner {
  load(): Promise<void>;
  clean(html: string, rules: Rules): Promise<SanitizeResult>;
  close(): Promise<void>;
}

/** On the thread that asks: one text after the other, each in a turn of its own. */
export function createRunnerHere(): Runner {
  let engine: Promise<Engine> | undefined;
  let last: Promise<unknown> = Promise.resolve();

  function ready(): Promise<Engine> {
    engine ??= loadEngine().catch((error: unknown) => {
      engine = undefined; // so that a passing failure passes
      throw error;
    });
    return engine;
  }

  /** In line, and in a turn of its own: within one turn jsdom can't free anything. */
  function inTurn<T>(work: () => T): Promise<T> {
    const result = last.then(nextTurn).then(work);
    last = result.catch(() => undefined);
    return result;
  }

  return {
    async load() {
      await ready();
    },
    async clean(html, rules) {
      const loaded = await ready();
      return inTurn(() => cleanWith(loaded, html, rules));
    },
    async close() {
      await last;
    },
  };
}

/** Loads jsdom and DOMPurify, a second's work or more. */
async function loadEngine(): Promise<Engine> {
  const [jsdom, { default: createDOMPurify }] = await Promise.all([import('jsdom'), import('dompurify')]);
  return createEngine({ jsdom, createDOMPurify });
}

/** Resolves when others have had their turn. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
