import { expect, it } from 'vitest';
import { type LimitEntry, memoryRateLimitStore } from '../src/index.js';

it('a bucket is full a window later, also when its limit was lowered: alike, whatever other keys come meanwhile', () => {
  const start = 1_700_000_000_000;
  const high: LimitEntry = { key: 'a', algorithm: 'token-bucket', limit: 50, windowMs: 1_000, cost: 50 };
  const low: LimitEntry = { ...high, limit: 20, cost: 1 };
  for (const strangers of [0, 2_000]) {
    const store = memoryRateLimitStore({ maxKeys: 10_000 });
    expect(store.consume([high], start)).toMatchObject([{ allowed: true, remaining: 0 }]);
    expect(store.consume([low], start + 500)).toMatchObject([{ allowed: false }]);
    const later = start + 1_500;
    for (let i = 0; i < strangers; i++) store.consume([{ ...low, key: `stranger ${i}` }], later - 1);
    expect(store.consume([low], later)).toMatchObject([{ allowed: true, remaining: 19 }]);
  }
});
