import type { Log } from '@secapi/audit';
import { expect, it } from 'vitest';
import { logOften } from '../src/log-often.js';

it('logs a failure at once, then every ten seconds, with how often it came; a clock that was set back silences nothing', () => {
  const said: unknown[] = [];
  const error = (_: string, fields?: object): void =>
    void said.push((fields as { before?: number }).before ?? 0);
  const none = (): void => {};
  const log: Log = { debug: none, info: none, warn: none, error };
  let time = 1_000_000;
  const tell = logOften(log, 'failed', () => time);
  for (let i = 0; i < 100; i++) tell(new Error('down'));
  expect(said).toEqual([0]);
  time += 10_000;
  tell(new Error('down'));
  expect(said).toEqual([0, 99]);
  time -= 500_000;
  tell(new Error('down'));
  expect(said).toEqual([0, 99, 0]);
});
