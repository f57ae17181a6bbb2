import { ConfigError, checkNumber, checkOptions, SecapiError, type Size, toBytes } from '@secapi/kernel';
import { checkAttributes, checkTags } from './allowed.js';
import type { SanitizeErrorCode } from './errors.js';
import { checkLinks, type LinkOptions, type Rewrite } from './link-options.js';
import { eachLink } from './links.js';
import { createSanitizerPool, runnerOf, type SanitizerPool } from './pool.js';
import { presetOf, type SanitizerPreset } from './presets.js';
import { decideAll } from './rewrite.js';
import type { Rules, SanitizeResult } from './rules.js';
import { createRunnerHere, type Runner } from './runner.js';
import { isLonger } from './size.js';

/** Options of {@link createSanitizer}. */
export interface SanitizerOptions {
  /**
   * What stays: `plain`, text and nothing else; `basic`, the tags `b i em strong p`; `comment`, with links, lists, quotations and code as well;
   * `article`, with headings, tables and figures as well; `email`, what clients of mail show. None of them loads anything.
   *
   * @default 'basic'
   */
  readonly preset?: SanitizerPreset;
  /** The tags that stay; of others the text stays. @default those of the preset */
  readonly tags?: readonly string[];
  /** The attributes that stay, on whatever tag. @default those of the preset */
  readonly attributes?: readonly string[];
  /** What becomes of links, where `a` and `href` stay. */
  readonly links?: LinkOptions;
  /** How long a text may be, in UTF-8. @default '100kb' */
  readonly maxBytes?: Size;
  /** How deep elements may stand in each other, tags that don't stay counted too. @default 64 */
  readonly maxDepth?: number;
  /**
   * The threads that do the work. `'none'` does it on the thread that asks, with no bound on time and memory: for runtimes without worker
   * threads, and for scripts.
   *
   * @default a pool of its own, `createSanitizerPool()`
   */
  readonly pool?: SanitizerPool | 'none';
}

/** Makes HTML from users safe. */
export interface Sanitizer {
  /**
   * The text with nothing in it but the tags and attributes that stay.
   *
   * Rejects with `HTML_NOT_A_STRING` when it is given anything else, with `SANITIZER_BUSY` when too many texts wait (503), with
   * `SANITIZER_CLOSED` after {@link Sanitizer.close}, with `SANITIZER_OUTDATED`, `SANITIZER_UNSUPPORTED` or `SANITIZER_FAILED` when its engine is
   * not to be trusted or can't be had, and with whatever `links.rewrite` throws.
   */
  sanitize(html: string): Promise<SanitizeResult>;
  /** Loads the engine now and not on first use: a second's work or more. Rejects as {@link Sanitizer.sanitize} does. */
  load(): Promise<void>;
  /** Ends the threads that are its own, once what was taken is done; a pool that was given is left alone. */
  close(): Promise<void>;
}

/**
 * A sanitizer for HTML from users (ASVS v5.0.0-1.3.1), with DOMPurify on jsdom, in threads that are started on first use. Text without any `<`
 * is given back as it is and needs neither.
 *
 * What comes out doesn't change when it is sanitized again; a text for which that can't be reached is refused.
 *
 * @throws ConfigError when an option is unknown or a tag or attribute is not one of the harmless
 *
 * @example
 * ```ts
 * const sanitizer = createSanitizer({ preset: 'comment' });
 * await sanitizer.sanitize('<p onclick="x()">Hi <script>x()</script></p>'); // { ok: true, html: '<p>Hi </p>' }
 * ```
 */
export function createSanitizer(options: SanitizerOptions = {}): Sanitizer {
  const names = ['preset', 'tags', 'attributes', 'links', 'maxBytes', 'maxDepth', 'pool'];
  checkOptions('sanitizer', options, names);
  const preset = presetOf(options.preset ?? 'basic');
  const { rewrite, ...links } = checkLinks(options.links ?? {});
  const rules: Rules = {
    tags: checkTags(options.tags ?? preset.tags),
    attributes: checkAttributes(options.attributes ?? preset.attributes),
    maxBytes: toBytes('sanitizer.maxBytes', options.maxBytes ?? '100kb'),
    maxDepth: checkNumber('sanitizer.maxDepth', options.maxDepth ?? 64, { min: 1, max: 256 }),
    links,
  };
  const { runner, close } = runnerFor(options.pool);

  async function sanitize(html: string): Promise<SanitizeResult> {
    if (typeof html !== 'string') {
      throw new SecapiError<SanitizeErrorCode>('HTML_NOT_A_STRING', 'only a string can be sanitized');
    }
    if (isLonger(html, rules.maxBytes)) return { ok: false, reason: 'HTML_TOO_LARGE' };
    if (!html.includes('<')) return { ok: true, html };
    const result = await runner.clean(html, rules);
    return result.ok && rewrite ? rewritten(result.html, rewrite) : result;
  }

  async function rewritten(html: string, rewriteOne: Rewrite): Promise<SanitizeResult> {
    const decided = await decideAll(html, rewriteOne, links.relative);
    const safe = eachLink(html, links.given, (href) => decided.get(href));
    return isLonger(safe, rules.maxBytes)
      ? { ok: false, reason: 'HTML_TOO_LARGE' }
      : { ok: true, html: safe };
  }

  return { sanitize, load: () => runner.load(), close };
}

/** Where the work is done, and what ends it: only what nobody else can use. */
function runnerFor(pool: SanitizerPool | 'none' | undefined): {
  readonly runner: Runner;
  close(): Promise<void>;
} {
  if (pool === 'none') {
    const runner = createRunnerHere();
    return { runner, close: () => runner.close() };
  }
  const own = pool ?? createSanitizerPool();
  const runner = runnerOf(own);
  if (!runner)
    throw new ConfigError('sanitizer.pool', 'is not a pool', "pass createSanitizerPool() or 'none'");
  return { runner, close: pool ? async () => {} : () => own.close() };
}
