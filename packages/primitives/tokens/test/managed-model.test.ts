import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createAccessTokenIssuer,
  createTokenVerifier,
  type KeyRing,
  type ManagedKeyRing,
  memoryKeyStore,
} from '../src/index.js';
import { failing, hour, minute, ringOver, sealOf } from './managed-support.js';
import { api, fakeClock } from './support.js';

const names = { issuer: api, audience: api };
const lifetime = 15 * minute;
const processes = 3;

/** A process: its ring refreshes every quarter of `publishFor`, and may fail to do so, but not twice in turn. */
interface Process {
  readonly ring: ManagedKeyRing;
  readonly store: { fail: number };
  readonly verify: (token: string) => Promise<boolean>;
  readonly issue: () => Promise<string>;
  nextRefresh: number;
  failed: boolean;
}

/** Without the way to the store on an unknown kid: that would heal what shall not be ill. */
const withoutFetch = (ring: KeyRing): KeyRing => ({
  algorithms: ring.algorithms,
  signing: () => ring.signing(),
  verifying: (kid) => ring.verifying(kid),
  jwks: () => ring.jwks(),
});

type Command =
  | { readonly do: 'wait'; readonly minutes: number }
  | { readonly do: 'rotate' | 'refresh' | 'issue' | 'break'; readonly by: number }
  | { readonly do: 'restart' | 'eve'; readonly by: number };

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      minutes: fc.oneof(fc.constant(14), fc.integer({ min: 1, max: 90 })),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'rotate' as const,
        'refresh' as const,
        'issue' as const,
        'issue' as const,
        'break' as const,
      ),
      by: fc.nat(processes - 1),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('restart' as const, 'eve' as const, 'eve' as const),
      by: fc.nat(processes - 1),
    }),
  },
);

describe('several processes over one key store', () => {
  it('verify every living token of each other, whatever rotates, waits, fails or starts anew', async () => {
    let [verified, keys, refused] = [0, 0, 0];
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 10, maxLength: 60 }), async (commands) => {
        const now = fakeClock();
        const shared = memoryKeyStore();
        const team = await Promise.all(
          Array.from({ length: processes }, (_, by) => startProcess(shared, now, by)),
        );
        let living: { token: string; until: number }[] = [];

        async function refreshDue(): Promise<void> {
          for (const member of team) {
            if (member.nextRefresh > now()) continue;
            member.nextRefresh = now() + hour / 4;
            member.store.fail = member.failed ? 0 : member.store.fail;
            const before = member.store.fail;
            member.failed = await member.ring.refresh().then(
              () => false,
              () => true,
            );
            if (before > 0) refused++;
          }
        }

        for (const step of commands) {
          if (step.do === 'wait') {
            // Minute by minute, as their timers would.
            for (let i = 0; i < step.minutes; i++) {
              now.advance(minute);
              await refreshDue();
            }
          } else if (step.do === 'eve') {
            // A token signed in the last moment of a key lives longest after it.
            const member = team[step.by] as Process;
            const { activeAt } = await member.ring.rotate().catch(() => ({ activeAt: 0 }));
            while (now() < activeAt - minute) {
              now.advance(minute);
              await refreshDue();
            }
            if (now() < activeAt - 1) now.advance(activeAt - 1 - now());
            living.push({ token: await member.issue(), until: now() + lifetime });
          } else if (step.do === 'restart') {
            team[step.by] = await startProcess(shared, now, step.by);
          } else {
            const member = team[step.by] as Process;
            if (step.do === 'break') member.store.fail = 1;
            else if (step.do === 'issue')
              living.push({ token: await member.issue(), until: now() + lifetime });
            else await member.ring[step.do]().catch(() => undefined);
          }
          living = living.filter(({ until }) => now() < until);
          for (const member of team) {
            for (const { token } of living) expect(await member.verify(token)).toBe(true);
            verified += living.length;
          }
          const [one, ...others] = team.map(({ ring }) => ring.signing().kid);
          expect(others.every((kid) => kid === one)).toBe(true);
        }
        const stored = (await shared.load()).keys;
        keys = Math.max(keys, stored.length);
        expect(stored.filter(({ retireAt }) => retireAt === undefined)).toHaveLength(1);
      }),
      { numRuns: 40 },
    );
    // The runs have come to what they are about.
    expect(verified).toBeGreaterThan(1_000);
    expect(keys).toBeGreaterThan(2);
    expect(refused).toBeGreaterThan(10);
  }, 60_000);

  async function startProcess(shared: ReturnType<typeof memoryKeyStore>, now: () => number, by: number) {
    const store = failing(shared);
    const seal = by === 0 ? [sealOf('s1', 1), sealOf('s2', 2)] : [sealOf('s2', 2), sealOf('s1', 1)];
    const ring = await ringOver(store, now, { seal, rotateEvery: '5h', verifyFor: '15m' });
    const keys = withoutFetch(ring);
    const verifier = createTokenVerifier({
      ...names,
      keys,
      now,
      algorithms: ['EdDSA'],
      type: 'at+jwt',
      maxLifetime: '15m',
      clockTolerance: 0,
    });
    const issuer = createAccessTokenIssuer({ ...names, keys, now });
    const member: Process = {
      ring,
      store,
      nextRefresh: now() + (hour / 4 / processes) * (by + 1),
      failed: false,
      verify: async (token) => (await verifier.verify(token)).ok,
      issue: async () => (await issuer.issue({ subject: 'u', session: 's' })).token,
    };
    return member;
  }
});
