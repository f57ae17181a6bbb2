import type { SecapiError } from '@secapi/kernel';
import { describe, expect, it } from 'vitest';
import { createPenalties, memoryPenaltyStore, type PenaltyStore } from '../src/index.js';

const options = { banAfter: 3, delayAfter: 2, delay: '100ms', ban: '10s' } as const;
const none = { banned: false, retryAfterMs: 0, delayMs: 0 };

/** A store over a network, in short, that two processes share. */
function shared() {
  const memory = memoryPenaltyStore();
  const state = { asked: 0, fails: false, hangs: false };
  async function answer<T>(run: () => T): Promise<T> {
    state.asked += 1;
    if (state.hangs) await new Promise(() => {});
    if (state.fails) throw new Error('connection lost');
    return run();
  }
  const store: PenaltyStore = {
    check: (key, bounds, now) => answer(() => memory.check(key, bounds, now)),
    offend: (key, bounds, now) => answer(() => memory.offend(key, bounds, now)),
    pardon: (key) => answer(() => memory.pardon(key)),
  };
  return { store, state };
}

describe('penalties that processes share', () => {
  it('add up over all processes, and are heard by each within a second', async () => {
    const { store } = shared();
    let time = 0;
    const [one, other] = [1, 2].map(() => createPenalties({ ...options, store, now: () => time }));
    expect(await other?.check('a')).toEqual(none);
    for (let i = 0; i < 3; i++) await (i % 2 ? one : other)?.offend('a');
    expect(await other?.check('a')).toMatchObject({ banned: true });
    time = 999;
    await one?.check('b');
    time = 1_000;
    expect(await one?.check('a')).toMatchObject({ banned: true, retryAfterMs: 9_000 });
  });

  it('cost one question a second and key', async () => {
    const { store, state } = shared();
    let time = 0;
    const penalties = createPenalties({ ...options, store, now: () => time });
    await penalties.check('a');
    for (time = 0; time < 1_000; time += 100) expect(penalties.check('a')).toEqual(none);
    await penalties.check('a');
    expect(state.asked).toBe(2);
  });

  it('count no offence during a ban, and don’t ask for it', async () => {
    const { store, state } = shared();
    let time = 0;
    const penalties = createPenalties({ ...options, store, now: () => time });
    for (let i = 0; i < 3; i++) await penalties.offend('a');
    const { asked } = state;
    time = 500;
    expect(penalties.offend('a')).toEqual({ banned: true, retryAfterMs: 9_500, delayMs: 0 });
    expect(state.asked).toBe(asked);
    time = 10_000;
    expect(await penalties.check('a')).toMatchObject({ banned: false });
  });

  it('end at once in the process that pardons, in the others within a second', async () => {
    const { store } = shared();
    let time = 0;
    const [one, other] = [1, 2].map(() => createPenalties({ ...options, store, now: () => time }));
    for (let i = 0; i < 3; i++) await one?.offend('a');
    await other?.check('a');
    await one?.pardon('a');
    expect(await one?.check('a')).toEqual(none);
    time = 1_000;
    expect(await other?.check('a')).toEqual(none);
  });

  it('a question under way brings back nothing that was pardoned meanwhile', async () => {
    const { store } = shared();
    const penalties = createPenalties({ ...options, store, now: () => 0 });
    for (let i = 0; i < 2; i++) await penalties.offend('a');
    const last = penalties.offend('a');
    const pardoned = penalties.pardon('a');
    await Promise.all([last, pardoned]);
    expect(await penalties.check('a')).toEqual(none);
  });

  it('go on in this process when the store fails or hangs, and the failure is told', async () => {
    for (const how of ['fails', 'hangs'] as const) {
      const { store, state } = shared();
      const told: SecapiError[] = [];
      const onStoreFailure = (error: SecapiError): void => void told.push(error);
      const penalties = createPenalties({
        ...options,
        store,
        onStoreFailure,
        deadline: '10ms',
        now: () => 0,
      });
      state[how] = true;
      for (let i = 0; i < 2; i++) expect(await penalties.offend('a')).toMatchObject({ banned: false });
      expect(await penalties.offend('a')).toMatchObject({ banned: true });
      expect(await penalties.check('a')).toMatchObject({ banned: true });
      await expect(async () => penalties.pardon('a')).rejects.toThrow();
      state[how] = false;
      expect(await penalties.check('a')).toEqual(none);
      const code = how === 'fails' ? 'RATE_LIMIT_STORE_FAILED' : 'RATE_LIMIT_STORE_TIMEOUT';
      expect(new Set(told.map((error) => error.code))).toEqual(new Set([code]));
      expect(JSON.stringify(told)).not.toContain('"a"');
    }
  });

  it('a store that throws at once is as one that rejects', async () => {
    const fail = (): never => {
      throw new Error('broken');
    };
    const penalties = createPenalties({ store: { check: fail, offend: fail, pardon: fail } });
    expect(await penalties.check('a')).toEqual(none);
  });
});
