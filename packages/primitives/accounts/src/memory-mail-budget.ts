import { checkNumber, checkOptions } from '@secapi/kernel';
import type { MailBudgetStore } from './types.js';

/** Bounds of a {@link memoryMailBudget}. */
export interface MemoryMailBudgetOptions {
  /** How many addresses are remembered; beyond it the one mailed longest ago is forgotten. @default 100_000 */
  readonly maxKeys?: number;
}

/** Counts mails in memory, for one process; synchronous. */
export function memoryMailBudget(options: MemoryMailBudgetOptions = {}): MailBudgetStore {
  checkOptions('memoryMailBudget', options, ['maxKeys']);
  const maxKeys = checkNumber('memoryMailBudget.maxKeys', options.maxKeys ?? 100_000, {
    min: 1,
    max: 10_000_000,
  });
  const sent = new Map<string, number[]>(); // mailed longest ago first

  return {
    take(key, limit, windowMs, now) {
      const recent = (sent.get(key) ?? []).filter((at) => at > now - windowMs);
      if (recent.length >= limit) return false;
      recent.push(now);
      sent.delete(key);
      sent.set(key, recent);
      if (sent.size > maxKeys) {
        const [oldest] = sent.keys();
        if (oldest !== undefined) sent.delete(oldest);
      }
      return true;
    },
  };
}
