import type { AlgorithmName, LimitEntry, RefundEntry } from '@secapi/rate-limit';

export const algorithmNames: readonly AlgorithmName[] = [
  'sliding-window',
  'fixed-window',
  'sliding-log',
  'token-bucket',
  'gcra',
  'concurrency',
];

/** One request against a counter of this algorithm. */
export function limitEntry(
  algorithm: AlgorithmName,
  key: string,
  limit: number,
  cost = 1,
  windowMs = 3_600_000,
): LimitEntry {
  return { key: `${algorithm} ${key}`, algorithm, limit, windowMs, cost };
}

/** What gives back what was counted at this time. */
export function refundsOf(entries: readonly LimitEntry[], at: number): RefundEntry[] {
  return entries.map((one) => ({ ...one, at }));
}

/** Whether no limit refused. */
export function passed(states: readonly { readonly allowed: boolean }[]): boolean {
  return states.every((state) => state.allowed);
}
