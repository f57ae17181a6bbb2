import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWorld, newPassword, password } from './support/world.js';

const email = 'alice@mail.example';
const policy = { limit: 3, windowMs: 3_600_000, baseDelayMs: 60_000, maxDelayMs: 600_000 };

/** What the documentation of `LockoutStore` says, in the plainest way: one count by its own book. */
class Count {
  failures = 0;
  lockedUntil = 0;
  last = Number.NEGATIVE_INFINITY;

  attempt(now: number, correct: boolean): boolean {
    if (now - Math.max(this.last, this.lockedUntil) >= policy.windowMs) {
      this.failures = 0;
      this.lockedUntil = 0;
    }
    const allowed = now >= this.lockedUntil;
    this.last = now;
    if (!correct || !allowed) this.failures++;
    if (!correct && allowed && this.failures >= policy.limit) {
      const delay = policy.baseDelayMs * 2 ** (this.failures - policy.limit);
      this.lockedUntil = now + Math.min(policy.maxDelayMs, delay);
    }
    return allowed;
  }

  clear(): void {
    this.failures = 0;
    this.lockedUntil = 0;
    this.last = Number.NEGATIVE_INFINITY;
  }
}

type Step =
  | { readonly kind: 'login'; readonly who: 'stranger' | 'owner'; readonly right: boolean }
  | { readonly kind: 'reset' }
  | { readonly kind: 'wait'; readonly milliseconds: number };

const login = fc.record({
  kind: fc.constant('login' as const),
  who: fc.constantFrom('stranger' as const, 'owner' as const),
  // Mostly wrong, or nothing would ever be locked.
  right: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
});
const wait = fc.record({
  kind: fc.constant('wait' as const),
  milliseconds: fc.constantFrom(1, 59_999, 60_000, 120_000, 600_000, 3_599_999, 3_600_000),
});
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: login },
    { weight: 3, arbitrary: wait },
    { weight: 1, arbitrary: fc.constant({ kind: 'reset' as const }) },
  ),
  { maxLength: 40 },
);

async function start() {
  const world = createWorld(({ lockout }) => ({
    lockout: { ...lockout, limit: 3, window: '1h', baseDelay: '1m', maxDelay: '10m' },
  }));
  await world.signUp();
  const { deviceCookie } = await world.signIn();
  return { ...world, cookie: deviceCookie.value, current: { password } };
}

describe('the lockout, whatever strangers and the owner do', () => {
  it('gives the verdicts of its documentation, and a reset always ends it', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (list) => {
        const { accounts, clock, tokenFor, cookie, current } = await start();
        const [strangers, device] = [new Count(), new Count()];
        for (const step of list) {
          if (step.kind === 'wait') {
            clock.time += step.milliseconds;
          } else if (step.kind === 'reset') {
            clock.time += 3_600_000; // so that the budget of mails has room
            await accounts.requestPasswordReset({ email });
            const next = current.password === password ? newPassword : password;
            const token = await tokenFor(email);
            expect(await accounts.confirmPasswordReset({ token, password: next })).toEqual({ ok: true });
            current.password = next;
            strangers.clear();
          } else {
            const { who, right } = step;
            // A known device counts by itself, and past its own limit like anybody.
            const own = who === 'owner' && device.attempt(clock.time, right);
            const allowed = own || strangers.attempt(clock.time, right);
            const expected = right && allowed;
            if (expected) (own ? device : strangers).clear();
            const result = await accounts.login({
              email,
              password: right ? current.password : 'wrong guess',
              ...(who === 'owner' ? { deviceCookie: cookie } : {}),
            });
            expect(result.ok).toBe(expected);
          }
        }
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  it('never shuts out an owner on a known device, however hard strangers try', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(wait, { maxLength: 8 }), async (waits) => {
        const { accounts, clock, guess, cookie } = await start();
        for (const { milliseconds } of waits) {
          await guess(6);
          clock.time += milliseconds;
          expect(await accounts.login({ email, password, deviceCookie: cookie })).toMatchObject({ ok: true });
        }
      }),
      { numRuns: 40 },
    );
  }, 60_000);
});
