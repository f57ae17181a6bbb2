import { createSanitizer, createSanitizerPool } from '@secapi/sanitize';
import { processorDelay } from '../limit/fill.js';
import type { Table } from '../table.js';
import { hostileTexts, plainText } from './texts.js';

const tickMs = 2;

/** How long timers come too late while `work` is done, in milliseconds; what they waited for a processor that others used is no fault of it. */
async function lateness(work: () => Promise<unknown>): Promise<number[]> {
  const late: number[] = [];
  let last = performance.now();
  let waited = processorDelay();
  const timer = setInterval(() => {
    const now = performance.now();
    const delayed = processorDelay();
    late.push(Math.max(0, now - last - tickMs - (delayed - waited)));
    last = performance.now();
    waited = delayed;
  }, tickMs);
  await work();
  // a loop that was held until now is only seen in its next turn
  await new Promise((resolve) => setTimeout(resolve, 3 * tickMs));
  clearInterval(timer);
  return late.sort((a, b) => a - b);
}

/** How late the event loop is beside hostile texts of 100 KB. */
export async function delayTable(): Promise<Table> {
  const pool = createSanitizerPool({ workers: 2, timeLimit: '2s' });
  const { sanitize } = createSanitizer({ pool, maxDepth: 256 });
  await pool.load();
  const idle = await lateness(() => new Promise((resolve) => setTimeout(resolve, 1_000)));
  const rows = [rowOf('nothing', 'nothing to do', idle)];
  const texts = { 'honest, 100 KB': plainText(95_000), ...hostileTexts };
  for (const [name, html] of Object.entries(texts)) {
    let outcome = '';
    const late = await lateness(async () => {
      const results = await Promise.all([sanitize(html), sanitize(html)]);
      outcome = results.map((result) => (result.ok ? 'sanitized' : result.reason))[0] ?? '';
    });
    rows.push(rowOf(name, outcome, late));
  }
  await pool.close();
  return {
    title: 'how late the event loop is while a pool works on hostile texts',
    note: 'Two at once, in a pool of two threads that may take 2 seconds for a text. A timer of 2 ms, less what it waited for a processor that others used.',
    head: ['two texts with', 'what became of them', 'p50', 'p99', 'latest'],
    rows,
  };
}

function rowOf(name: string, outcome: string, late: readonly number[]): string[] {
  const at = (share: number): string =>
    `${(late[Math.min(late.length - 1, Math.floor(share * late.length))] ?? 0).toFixed(1)} ms`;
  return [name, outcome, at(0.5), at(0.99), at(1)];
}
