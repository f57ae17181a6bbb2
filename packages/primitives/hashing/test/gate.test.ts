import { expect, it } from 'vitest';
import { createGate } from '../src/internal/gate.js';

it('never runs more than it may, and runs everything it admitted', async () => {
  const gate = createGate(3, 100);
  let running = 0;
  let most = 0;
  let done = 0;
  await Promise.all(
    Array.from({ length: 60 }, (_, index) =>
      gate.run(async () => {
        most = Math.max(most, ++running);
        for (let i = 0; i < index % 5; i++) await Promise.resolve();
        running--;
        done++;
      }),
    ),
  );
  expect({ most, done, running }).toEqual({ most: 3, done: 60, running: 0 });
});

it('lets those who wait go first, in the order they came', async () => {
  const gate = createGate(1, 10);
  const order: number[] = [];
  await Promise.all([0, 1, 2, 3].map((id) => gate.run(async () => order.push(id))));
  expect(order).toEqual([0, 1, 2, 3]);
});
