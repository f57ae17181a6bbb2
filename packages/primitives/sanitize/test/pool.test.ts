import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { afterAll, describe, expect, it } from 'vitest';
import {
  createSanitizer,
  createSanitizerPool,
  type SanitizerOptions,
  type SanitizerPool,
  type SanitizerPoolOptions,
} from '../src/index.js';
import { vectors } from './vectors.js';

const pools: SanitizerPool[] = [];
afterAll(() => Promise.all(pools.map((pool) => pool.close())));

function pooled(options: SanitizerPoolOptions, own: SanitizerOptions = {}) {
  const pool = createSanitizerPool(options);
  pools.push(pool);
  return { pool, ...createSanitizer({ pool, ...own }) };
}

/** Within what is allowed, and a minute's work: taking out siblings takes the square of their number. */
const endless = '<br>'.repeat(24_000);
const honest = '<p onclick="x()">Hello <b>you</b></p>';
const cleaned = { ok: true, html: '<p>Hello <b>you</b></p>' };

describe('a pool', () => {
  const one = pooled({ workers: 1, timeLimit: '2s' });

  it('answers as an engine on this thread does, for several sanitizers at once', async () => {
    const presets = ['basic', 'article'] as const;
    const texts = vectors.filter((_, i) => i % 12 === 0);
    const [there, here] = await Promise.all(
      [one.pool, 'none' as const].map((where) => {
        const all = presets.map((preset) => createSanitizer({ preset, pool: where }));
        return Promise.all(texts.flatMap((html) => all.map(({ sanitize }) => sanitize(html))));
      }),
    );
    expect(there).toEqual(here);
    expect(there?.filter(({ ok }) => ok).length).toBeGreaterThan(texts.length);
  });

  it('refuses the text that takes too long and answers all others, while the event loop stays free', async () => {
    await one.load();
    const delay = monitorEventLoopDelay({ resolution: 5 });
    const before = performance.eventLoopUtilization();
    delay.enable();
    const results = await Promise.all([honest, endless, honest].map((html) => one.sanitize(html)));
    delay.disable();
    const { active } = performance.eventLoopUtilization(before);
    expect(results).toEqual([cleaned, { ok: false, reason: 'HTML_TOO_SLOW' }, cleaned]);
    expect(active).toBeLessThan(1_500); // milliseconds; a quiet machine needs 20, and on this thread it would be a minute
    expect(delay.percentile(99) / 1e6).toBeLessThan(250); // beside other tests; a quiet machine needs less than 10
  });

  it('survives a text that is made to end the process', async () => {
    const { sanitize } = pooled({ workers: 1, memory: '64mb', timeLimit: '60s' }, { maxBytes: '8mb' });
    const [heavy, light] = await Promise.all(
      ['<p>x'.repeat(1_500_000), honest].map((html) => sanitize(html)),
    );
    expect(heavy).toEqual({ ok: false, reason: 'HTML_TOO_HEAVY' });
    expect(light).toEqual(cleaned);
  });

  it('lets a bounded number wait, takes nothing more once it closes, and closes in time', async () => {
    const { sanitize, close, pool } = pooled({ workers: 1, maxQueue: 3, timeLimit: '500ms' });
    await close(); // which leaves a pool alone that others may use
    await pool.load();
    const all = Promise.allSettled([honest, endless, endless, honest].map((html) => sanitize(html)));
    await expect(sanitize(honest)).rejects.toMatchObject({ code: 'SANITIZER_BUSY' });
    expect(await sanitize('no markup')).toEqual({ ok: true, html: 'no markup' });
    const start = performance.now();
    const ending = pool.close();
    await expect(sanitize(honest)).rejects.toMatchObject({ code: 'SANITIZER_CLOSED' });
    await expect(pool.load()).rejects.toMatchObject({ code: 'SANITIZER_CLOSED' });
    await ending;
    expect(performance.now() - start).toBeLessThan(4_000); // 500 ms, and what a busy machine adds
    const results = await all;
    expect(results[0]).toEqual({ status: 'fulfilled', value: cleaned });
    expect(results.at(-1)).toMatchObject({ reason: { code: 'SANITIZER_CLOSED' } });
  });

  it('is closed with a sanitizer whose own it is, also while it starts', async () => {
    const { load, close, sanitize } = createSanitizer();
    const loading = load().catch((error: { code: string }) => error.code);
    await close();
    expect(['SANITIZER_FAILED', undefined]).toContain(await loading);
    await expect(sanitize(honest)).rejects.toMatchObject({ code: 'SANITIZER_CLOSED' });
  });

  it.each<[SanitizerPoolOptions, RegExp]>([
    [{ workers: 0 }, /sanitizerPool\.workers/],
    [{ timeLimit: '1h' }, /sanitizerPool\.timeLimit/],
    [{ memory: '1mb' }, /sanitizerPool\.memory/],
    [{ maxQueue: 0 }, /sanitizerPool\.maxQueue/],
    [{ threads: 2 } as SanitizerPoolOptions, /sanitizerPool\.threads is not an option/],
  ])('refuses %j', (options, message) => {
    expect(() => createSanitizerPool(options)).toThrow(message);
  });
});
