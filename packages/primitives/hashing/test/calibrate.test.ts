import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrateOn } from '../src/calibrate.js';
import type { Engine } from '../src/engine.js';
import { nativeEngine } from '../src/engines/native.js';
import { calibrate, createPasswordHasher } from '../src/index.js';

const unused = () => Promise.reject(new Error('not asked for'));

/** A machine on which a KiB takes so many nanoseconds, and each call some time of its own. */
function machine(nanoseconds: number, overhead = 0) {
  let time = 0;
  const engine: Engine = {
    concurrency: 1,
    async argon2(_password, { memory, iterations, length }) {
      time += overhead + (memory * iterations * nanoseconds) / 1e6;
      return new Uint8Array(length);
    },
    scrypt: unused,
    pbkdf2: unused,
    bcrypt: unused,
  };
  return { engine, now: () => time };
}

/** OWASP's advice: one row at least is met in both columns. */
const advice = [
  [47_104, 1],
  [19_456, 2],
  [12_288, 3],
  [9_216, 4],
  [7_168, 5],
] as const;
const isEnough = (memory: number, iterations: number) =>
  advice.some(([least, passes]) => memory >= least && iterations >= passes);

describe('calibrate', () => {
  it('uses all the memory, and as many passes as the time allows', async () => {
    const { engine, now } = machine(400);
    const found = await calibrateOn(engine, { target: '250ms', memory: 65_536, now });
    expect(found).toEqual({
      memory: 65_536,
      iterations: 9,
      parallelism: 1,
      milliseconds: expect.closeTo(236, 0),
    });
  });

  it('uses less memory where the time is too short for all of it', async () => {
    const { engine, now } = machine(400);
    const found = await calibrateOn(engine, { target: '20ms', memory: 262_144, now });
    expect(found).toEqual({
      memory: 49_152,
      iterations: 1,
      parallelism: 1,
      milliseconds: expect.closeTo(20, 0),
    });
  });

  it('never goes below OWASP, not even on a machine that takes too long for it, and says how long', async () => {
    const { engine, now } = machine(20_000);
    const found = await calibrateOn(engine, { target: '50ms', now });
    expect(found).toEqual({
      memory: 7_168,
      iterations: 5,
      parallelism: 1,
      milliseconds: expect.closeTo(717, 0),
    });
  });

  it('finds on any machine, for any target and memory, what a hasher takes, within the memory and the time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 50, max: 50_000 }),
        fc.integer({ min: 0, max: 20 }),
        fc.integer({ min: 1, max: 10_000 }),
        fc.integer({ min: 7_168, max: 1_048_576 }),
        fc.integer({ min: 1, max: 16 }),
        async (nanoseconds, overhead, milliseconds, memory, parallelism) => {
          const { engine, now } = machine(nanoseconds, overhead);
          const target = `${milliseconds}ms` as const;
          const found = await calibrateOn(engine, { target, memory, parallelism, now });
          expect(found.memory).toBeLessThanOrEqual(memory);
          expect(isEnough(found.memory, found.iterations)).toBe(true);
          const floor = overhead + (7_168 * 5 * nanoseconds) / 1e6;
          expect(found.milliseconds).toBeLessThanOrEqual(Math.max(floor, milliseconds) * 1.01 + overhead);
          const { milliseconds: _, ...parameters } = found;
          expect(() => createPasswordHasher(parameters)).not.toThrow();
        },
      ),
      { numRuns: 300 },
    );
  });

  it('measures the real engine, and a hasher takes what it found', async () => {
    const { milliseconds, ...parameters } = await calibrate({ target: '20ms', memory: 32_768 });
    expect(isEnough(parameters.memory, parameters.iterations)).toBe(true);
    expect(milliseconds).toBeGreaterThan(0);
    const hasher = createPasswordHasher(parameters);
    expect(await hasher.hash('seven unlikely pelicans')).toContain(
      `m=${parameters.memory},t=${parameters.iterations},`,
    );
  });

  it('says so where the clock stands still while code runs', async () => {
    await expect(calibrateOn(nativeEngine, { target: '20ms', now: () => 0 })).rejects.toMatchObject({
      code: 'HASHING_CLOCK_STOPPED',
    });
  });

  it.each([
    ['calibrate.target', {}],
    ['calibrate.target', { target: 'soon' }],
    ['calibrate.target', { target: '1m' }],
    ['calibrate.memory', { target: '250ms', memory: 4_096 }],
    ['calibrate.parallelism', { target: '250ms', parallelism: 0 }],
    ['calibrate.now', { target: '250ms', now: 5 }],
    ['calibrate.memroy', { target: '250ms', memroy: 65_536 }],
  ])('refuses a wrong %s', async (option, options) => {
    // Wrong on purpose, as from JavaScript.
    await expect(calibrateOn(nativeEngine, options as { target: '1s' })).rejects.toMatchObject({ option });
  });
});
