import { checkNumber, checkOptions, SecapiError, type Size, toBytes, utf8 } from '@secapi/kernel';
import { checkAttributes, checkTags } from './allowed.js';
import { type Engine, loadEngine } from './engine.js';
import type { HtmlRefusal, SanitizeErrorCode } from './errors.js';
import { nestsDeeperThan } from './nesting.js';
import { isPlainlyStable } from './stable.js';

/** Options of {@link createSanitizer}. */
export interface SanitizerOptions {
  /** The tags that stay; of others the text stays. @default b, i, em, strong and p */
  readonly tags?: readonly string[];
  /** The attributes that stay, on whatever tag. Of links only `http`, `https`, `mailto` and those without a scheme stay. @default none */
  readonly attributes?: readonly string[];
  /** How long a text may be, in UTF-8. @default '100kb' */
  readonly maxBytes?: Size;
  /** How deep elements may stand in each other, tags that don't stay counted too. @default 64 */
  readonly maxDepth?: number;
}

/** Safe HTML, or why there is none. */
export type SanitizeResult =
  | { readonly ok: true; readonly html: string }
  | { readonly ok: false; readonly reason: HtmlRefusal };

/** Makes HTML from users safe. */
export interface Sanitizer {
  /**
   * The text with nothing in it but the tags and attributes that stay. Texts are worked on one after the other, each in a turn of its own, so
   * that other requests get theirs in between.
   *
   * Rejects with `HTML_NOT_A_STRING` when it is given anything else, and with `SANITIZER_OUTDATED` or `SANITIZER_UNSUPPORTED` when its engine
   * is not to be trusted.
   */
  sanitize(html: string): Promise<SanitizeResult>;
  /** Loads the engine now and not on first use: a second or more in which nothing else runs. Rejects as {@link Sanitizer.sanitize} does. */
  load(): Promise<void>;
}

/**
 * A sanitizer for HTML from users (ASVS v5.0.0-1.3.1), with DOMPurify on jsdom, which are loaded on first use. Text without any `<` is given
 * back as it is and needs neither.
 *
 * What comes out doesn't change when it is sanitized again; a text for which that can't be reached is refused.
 *
 * @throws ConfigError when an option is unknown or a tag or attribute is not one of the harmless
 *
 * @example
 * ```ts
 * const sanitizer = createSanitizer();
 * await sanitizer.sanitize('<p onclick="x()">Hi <script>x()</script></p>'); // { ok: true, html: '<p>Hi </p>' }
 * ```
 */
export function createSanitizer(options: SanitizerOptions = {}): Sanitizer {
  checkOptions('sanitizer', options, ['tags', 'attributes', 'maxBytes', 'maxDepth']);
  const tags = checkTags(options.tags ?? ['b', 'i', 'em', 'strong', 'p']);
  const attributes = checkAttributes(options.attributes ?? []);
  const maxBytes = toBytes('sanitizer.maxBytes', options.maxBytes ?? '100kb');
  const maxDepth = checkNumber('sanitizer.maxDepth', options.maxDepth ?? 64, { min: 1, max: 256 });
  const tagSet = new Set(tags);

  let engine: Promise<Engine> | undefined;
  let last: Promise<unknown> = Promise.resolve();

  function ready(): Promise<Engine> {
    engine ??= loadEngine(tags, attributes).catch((error: unknown) => {
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

  function clean(html: string, { clean: once }: Engine): SanitizeResult {
    let safe = once(html);
    // nothing but bare tags that stay: what a second pass would show is known
    if (isPlainlyStable(safe, tagSet)) return { ok: true, html: safe };
    for (let pass = 0; pass < 2; pass++) {
      const again = once(safe);
      if (again === safe) return { ok: true, html: safe };
      safe = again;
    }
    return { ok: false, reason: 'HTML_UNSTABLE' };
  }

  async function sanitize(html: string): Promise<SanitizeResult> {
    if (typeof html !== 'string') {
      throw new SecapiError<SanitizeErrorCode>('HTML_NOT_A_STRING', 'only a string can be sanitized');
    }
    if (isLonger(html, maxBytes)) return { ok: false, reason: 'HTML_TOO_LARGE' };
    if (!html.includes('<')) return { ok: true, html };
    if (nestsDeeperThan(html, maxDepth)) return { ok: false, reason: 'HTML_TOO_DEEP' };
    const loaded = await ready();
    return inTurn(() => clean(html, loaded));
  }

  async function load(): Promise<void> {
    await ready();
  }

  return { sanitize, load };
}

function isLonger(text: string, bytes: number): boolean {
  if (text.length > bytes) return true;
  return text.length * 3 > bytes && utf8(text).length > bytes; // a code unit is 3 bytes at most
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
