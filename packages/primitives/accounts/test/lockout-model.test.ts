import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWorld } from './support/world.js';

const email = 'alice@mail.example';
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const policy = { limit: 3, windowMs: hour, baseDelayMs: minute, maxDelayMs: hour };

/** What a lockout store promises, said once more and in another way than its code: a list of what happened to a key. */
function createCount() {
  let failures = 0;
  let lockedUntil = 0;
  let last = Number.NEGATIVE_INFINITY;
  return {
    isLocked: (now: number) => lockedUntil > now,
    attempt(now: number, correct: boolean) {
      if (Math.max(last, lockedUntil) + policy.windowMs <= now) {
        failures = 0;
        lockedUntil = 0;
      }
      const locked = lockedUntil > now;
      if (correct && !locked) return { locked, failures };
      last = now;
      failures += 1;
      if (!locked && failures >= policy.limit) {
        const doublings = failures - policy.limit;
        lockedUntil = now + Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** doublings);
        return { locked, failures, seconds: (lockedUntil - now) / 1_000 };
      }
      return { locked, failures };
    },
  };
}

interface KnownDevice {
  readonly cookie: string;
  readonly until: number;
  count: ReturnType<typeof createCount>;
}

const clients = fc.oneof(
  { weight: 3, arbitrary: fc.constant('stranger' as const) },
  { weight: 1, arbitrary: fc.constant('forger' as const) },
  { weight: 3, arbitrary: fc.nat(9) }, // a device, counted from the first
);
const commands = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('guess' as const), client: clients }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('right' as const), client: clients }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reset' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('burst' as const), times: fc.integer({ min: 2, max: 9 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('jump' as const),
      by: fc.oneof(
        fc.constantFrom(1, minute - 1, minute, 2 * minute, hour - 1, hour, hour + 1, 2 * hour, 181 * day),
        fc.integer({ min: -5 * minute, max: 2 * hour }), // clocks are set back, too
      ),
    }),
  },
);

async function setUp() {
  const world = createWorld(({ lockout }) => ({
    lockout: { ...lockout, limit: policy.limit, window: '1h', baseDelay: '1m', maxDelay: '1h' },
    mailBudget: { limit: 1_000 },
  }));
  const id = await world.signUp();
  const state = { password: 'seven unlikely pelicans', resets: 0, account: createCount() };
  const devices: KnownDevice[] = [];
  const now = () => world.clock.time;

  function remember({ value, maxAge }: { value: string; maxAge: number }): void {
    const until = Math.floor((now() + maxAge * 1_000) / 1_000) * 1_000;
    devices.push({ cookie: value, until, count: createCount() });
  }

  function deviceOf(client: 'stranger' | 'forger' | number): KnownDevice | undefined {
    return typeof client === 'number' ? devices[client % devices.length] : undefined;
  }

  async function login(client: 'stranger' | 'forger' | number, correct: boolean) {
    const device = deviceOf(client);
    const known = device !== undefined && device.until > now();
    let expected = known ? device.count.attempt(now(), correct) : undefined;
    const knownDevice = expected?.locked === false;
    expected = knownDevice && expected ? expected : state.account.attempt(now(), correct);

    world.events.length = 0;
    const result = await world.accounts.login({
      email,
      password: correct ? state.password : 'a wrong password for all',
      deviceCookie:
        client === 'forger' ? `${devices[0]?.cookie.slice(0, -43)}${'A'.repeat(43)}` : device?.cookie,
    });
    expect(result.ok).toBe(correct && !expected.locked);
    const told = world.events.find(({ event }) => /^authn_login_(success|fail)$/.test(event))?.details;
    expect(told).toMatchObject({ failures: expected.failures, knownDevice });
    const lock = world.events.find(({ event }) => event === 'authn_login_lock')?.details;
    expect(lock?.seconds).toBe(expected.seconds);
    if (!result.ok) return;
    if (knownDevice && device) device.count = createCount();
    else state.account = createCount();
    remember(result.deviceCookie);
  }

  async function reset() {
    await world.accounts.requestPasswordReset({ email });
    const token = await world.tokenFor(email);
    state.password = `improbable herons, number ${state.resets++}`;
    const done = await world.accounts.confirmPasswordReset({ token, password: state.password });
    expect(done).toEqual({ ok: true });
    state.account = createCount();
  }

  const first = await world.accounts.login({ email, password: state.password });
  if (!first.ok) throw new Error('not signed in');
  remember(first.deviceCookie);
  return { ...world, id, state, devices, now, login, reset };
}

describe('the lockout, against a model of it', () => {
  it('gives exactly the verdicts, counts and delays of the model, whoever comes and however the clock jumps', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(commands, { minLength: 10, maxLength: 40 }), async (plan) => {
        const { clock, login, reset } = await setUp();
        for (const step of plan) {
          if (step.do === 'jump') clock.time += step.by;
          else if (step.do === 'reset') await reset();
          else if (step.do === 'burst') for (let i = 0; i < step.times; i++) await login('stranger', false);
          else await login(step.client, step.do === 'right');
        }
      }),
      { numRuns: 120 },
    );
  });

  it('never shuts the owner out of a known device, whatever strangers and forgers do', async () => {
    const hostile = fc.record({
      client: fc.constantFrom('stranger' as const, 'forger' as const),
      times: fc.integer({ min: 1, max: 12 }),
      pause: fc.integer({ min: 0, max: 3 * hour }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(hostile, { minLength: 1, maxLength: 12 }), async (attack) => {
        const { accounts, clock, devices, login, state } = await setUp();
        for (const { client, times, pause } of attack) {
          for (let i = 0; i < times; i++) await login(client, false);
          clock.time += pause;
          const deviceCookie = devices.at(-1)?.cookie;
          const result = await accounts.login({ email, password: state.password, deviceCookie });
          expect(result.ok).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('ends with a reset, however long it had become', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(commands, { maxLength: 25 }), clients, async (plan, client) => {
        const { accounts, clock, login, reset, state } = await setUp();
        for (const step of plan) {
          if (step.do === 'jump') clock.time += step.by;
          else if (step.do === 'burst') for (let i = 0; i < step.times; i++) await login('stranger', false);
          else if (step.do !== 'reset') await login(step.client, step.do === 'right');
        }
        for (let i = 0; i < 10; i++) await login('stranger', false);
        expect(state.account.isLocked(clock.time)).toBe(true);
        expect(await accounts.login({ email, password: state.password })).toMatchObject({ ok: false });
        await reset();
        await login(client, true);
        expect(await accounts.login({ email, password: state.password })).toMatchObject({ ok: true });
      }),
      { numRuns: 60 },
    );
  });

  it('leaves strangers one guess a lock: not one an hour more on a day of trying every 20 seconds', async () => {
    const { accounts, clock, events } = await setUp();
    events.length = 0;
    for (const end = clock.time + day; clock.time < end; clock.time += 20_000) {
      await accounts.login({ email, password: 'a wrong password for all' });
    }
    const admitted = events.filter(({ event, details }) => event === 'authn_login_fail' && !details?.locked);
    // The refused ones count, so the second lock is longer already, and the fourth is an hour long.
    expect(admitted).toHaveLength(policy.limit + 25);
  });
});
