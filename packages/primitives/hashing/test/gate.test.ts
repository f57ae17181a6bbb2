import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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

it('gives a place back when a task throws at once, or fails', async () => {
  const gate = createGate(1, 0);
  const boom = new Error('boom');
  const throws = () => {
    throw boom;
  };
  await expect(gate.run(throws)).rejects.toBe(boom);
  await expect(gate.run(() => Promise.reject(boom))).rejects.toBe(boom);
  await expect(gate.run(async () => 'served')).resolves.toBe('served');
});

describe('a caller who gives up', () => {
  it('while waiting leaves the queue at once, and its place in it is free', async () => {
    const gate = createGate(1, 1);
    let finish: () => void = () => {};
    const first = gate.run(() => new Promise<void>((resolve) => (finish = resolve)));
    const controller = new AbortController();
    let ran = false;
    const second = gate.run(async () => (ran = true), controller.signal);
    await expect(gate.run(async () => {})).rejects.toMatchObject({ code: 'HASHING_BUSY' });
    controller.abort();
    await expect(second).rejects.toMatchObject({ code: 'HASHING_ABORTED' });
    const third = gate.run(async () => 'served');
    await Promise.resolve();
    finish();
    await first;
    expect(await third).toBe('served');
    expect(ran).toBe(false);
  });

  it('while running is told at once, but its place is free only when the work has ended', async () => {
    const gate = createGate(1, 0);
    let finish: () => void = () => {};
    const controller = new AbortController();
    const first = gate.run(() => new Promise<void>((resolve) => (finish = resolve)), controller.signal);
    await Promise.resolve();
    controller.abort();
    await expect(first).rejects.toMatchObject({ code: 'HASHING_ABORTED' });
    await expect(gate.run(async () => {})).rejects.toMatchObject({ code: 'HASHING_BUSY' });
    finish();
    await settled();
    await expect(gate.run(async () => 'served')).resolves.toBe('served');
  });

  it('before it began is refused, also where there is no place', async () => {
    const gate = createGate(1, 0);
    void gate.run(() => new Promise<void>(() => {}));
    await expect(gate.run(async () => {}, AbortSignal.abort())).rejects.toMatchObject({
      code: 'HASHING_ABORTED',
    });
  });
});

it('behaves like a list of places and a queue, whatever comes, ends or is given up in whatever order', async () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.constant({ kind: 'come' as const, at: 0 }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('end' as const), at: fc.nat(20) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('fail' as const), at: fc.nat(20) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('abort' as const), at: fc.nat(60) }) },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.nat(4),
      fc.array(step, { maxLength: 60 }),
      async (concurrency, queue, steps) => {
        const gate = createGate(concurrency, queue);
        const callers: Caller[] = [];
        const running: number[] = []; // in the order they were let in
        const places: number[] = []; // the model: who holds a place, in the order they got it
        const waiting: number[] = [];
        const outcome = new Map<number, string>();

        const leave = (id: number) => {
          places.splice(places.indexOf(id), 1);
          const next = waiting.shift();
          if (next !== undefined) places.push(next);
        };

        for (const { kind, at } of steps) {
          if (kind === 'come') {
            const id = callers.length;
            callers.push(come(gate, id, running));
            if (places.length < concurrency) places.push(id);
            else if (waiting.length < queue) waiting.push(id);
            else outcome.set(id, 'HASHING_BUSY');
          } else if (kind === 'abort') {
            const id = callers.length ? at % callers.length : -1;
            callers[id]?.controller.abort();
            if (id >= 0 && !outcome.has(id)) outcome.set(id, 'HASHING_ABORTED');
            if (waiting.includes(id)) waiting.splice(waiting.indexOf(id), 1);
          } else {
            const id = places.length ? (places[at % places.length] ?? -1) : -1;
            callers[id]?.[kind]();
            if (id >= 0) {
              if (!outcome.has(id)) outcome.set(id, kind === 'end' ? 'done' : 'boom');
              leave(id);
            }
          }
          await settled();
          expect(running).toEqual(places);
          expect(running.length).toBeLessThanOrEqual(concurrency);
          for (const [id, caller] of callers.entries()) expect(caller.outcome()).toBe(outcome.get(id));
        }

        // No place is lost: when all have left, as many as ever can come in.
        while (places.length > 0) {
          const id = places[0] ?? -1;
          callers[id]?.end();
          leave(id);
          await settled();
        }
        const after: number[] = [];
        for (let id = 0; id < concurrency; id++) come(gate, id, after);
        await settled();
        expect(after).toHaveLength(concurrency);
      },
    ),
    { numRuns: 300 },
  );
});

interface Caller {
  readonly controller: AbortController;
  end(): void;
  fail(): void;
  outcome(): string | undefined;
}

function come(gate: ReturnType<typeof createGate>, id: number, running: number[]): Caller {
  const controller = new AbortController();
  let end: () => void = () => {};
  let fail: () => void = () => {};
  let outcome: string | undefined;
  const work = new Promise<string>((resolve, reject) => {
    end = () => resolve('done');
    fail = () => reject(Object.assign(new Error('boom'), { code: 'boom' }));
  });
  const task = async () => {
    running.push(id);
    try {
      return await work;
    } finally {
      running.splice(running.indexOf(id), 1);
    }
  };
  gate.run(task, controller.signal).then(
    (value) => (outcome = value),
    (error: { code: string }) => (outcome = error.code),
  );
  return { controller, end, fail, outcome: () => outcome };
}

/** All that promises have to say to each other has been said. */
async function settled(): Promise<void> {
  for (let i = 0; i < 12; i++) await Promise.resolve();
}
