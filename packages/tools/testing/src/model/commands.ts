import { randomBytes } from 'node:crypto';
import type { RotateResult } from '@secapi/tokens';
import fc from 'fast-check';
import { always, type Command, command, type Expect, hasSessions, indexOf } from './command.js';
import { check, logout, logoutAll, logoutOthers } from './ending-commands.js';
import * as reference from './reference.js';
import { at, type Model, rules, type Subject, subjects } from './reference.js';
import { changePassword, dropResets, issueReset, reset } from './reset-commands.js';
import type { System } from './system.js';

/** Everything that happens to sessions, done to the model and to the real thing alike. */
export function sessionCommands(expect: Expect): fc.Arbitrary<Command>[] {
  const anything = fc.nat(1_000);
  const subject = fc.constantFrom(...subjects);
  const device = fc.option(fc.constantFrom('phone', 'laptop'), { nil: undefined });
  const waited = fc.constantFrom(0, 0, 1_000, 70_000);
  const refresh = (pick: 'newest' | 'previous' | 'any') =>
    fc.tuple(anything, anything, device, waited).map((args) => rotation(expect, pick, ...args));

  return [
    fc.tuple(subject, device).map(([who, where]) => login(who, where ?? 'browser')),
    refresh('newest'),
    refresh('newest'),
    refresh('previous'),
    refresh('any'),
    fc
      .tuple(anything, fc.constantFrom(rules.grace, rules.grace + 1))
      .map(([n, time]) => lateRace(expect, n, time)),
    fc.constant(unknownToken(expect)),
    anything.map((n) => race(expect, n)),
    fc.tuple(anything, fc.boolean()).map(([n, all]) => refreshDuringLogout(expect, n, all)),
    anything.map((n) => use(expect, n)),
    anything.map((n) => use(expect, n)),
    anything.map((n) => logout(expect, n)),
    subject.map((who) => logoutAll(expect, who)),
    anything.map((n) => logoutOthers(expect, n)),
    subject.map((who) => check(expect, who)),
    jump(expect, fc.constantFrom(1, 400, 999, 4_999, 5_000, 5_001)),
    jump(expect, fc.constantFrom(30_000, rules.publishFor, rules.access - 1_000, rules.access, rules.reset)),
    jump(expect, fc.constantFrom(rules.idle - 1, rules.idle, rules.absolute)),
    fc.constant(command('rotate keys', always, rotateKeys)),
    subject.map(issueReset),
    subject.map(dropResets),
    subject.map(changePassword),
    fc.tuple(anything, fc.integer({ min: 1, max: 3 })).map(([n, times]) => reset(expect, n, times)),
  ];
}

const usedAfterJump = 10;

function jump(expect: Expect, times: fc.Arbitrary<number>): fc.Arbitrary<Command> {
  return times.map((time) => wait(expect, time));
}

/** Lets time pass, and then the last access tokens be used: most of what a clock changes shows for a short while. */
function wait(expect: Expect, time: number): Command {
  return command(`wait ${time}`, always, async (model, real) => {
    model.now += time; // the clock of the real thing reads it here
    await real.refreshKeys();
    const first = Math.max(0, model.accesses.length - usedAfterJump);
    for (const [i, token] of real.accessTokens.slice(first).entries()) {
      expect(await real.verify(token)).toEqual(reference.accessVerdict(model, first + i));
    }
  });
}

/** The last moment of the grace, and the first one after it. */
function lateRace(expect: Expect, n: number, time: number): Command {
  const steps = [
    rotation(expect, 'newest', n, 0, undefined, 0),
    wait(expect, time),
    rotation(expect, 'previous', n, 0, undefined, 0),
  ];
  return command(`refresh, and again after ${time} (${n})`, hasSessions, async (model, real) => {
    for (const step of steps) await step.run(model, real);
  });
}

function login(subject: Subject, device: string): Command {
  return command(`login ${subject}`, always, async (model, real) => {
    reference.login(model, subject, device);
    const { token, session } = await real.families.start({ subject, device: { userAgent: device } });
    real.sessions.push({ id: session.id, tokens: [token] });
    await real.issue(subject, session.id);
  });
}

function outcomeOf(result: RotateResult): string {
  if (!result.ok) return result.reason;
  return result.raced ? 'raced' : 'rotated';
}

/** What the app does with an answer: it keeps the token, issues an access token, ends a stolen session's. */
async function settle(model: Model, real: System, index: number, result: RotateResult): Promise<void> {
  const session = at(real.sessions, index);
  if (result.ok) {
    if (!result.raced) session.tokens.push(result.token);
    await real.issue(at(model.sessions, index).subject, session.id);
  } else if (result.reason === 'reused') {
    await real.endAccess(session.id);
  }
}

/** A dead family's token may have become unknown by now. */
function agrees(model: Model, index: number, expected: string, seen: string): string {
  const { revokedAt, end } = at(model.sessions, index);
  const isLongDead = Math.min(end, revokedAt ?? end) + rules.remembrance <= model.now;
  return isLongDead && seen === 'unknown' ? seen : expected;
}

function rotation(
  expect: Expect,
  pick: 'newest' | 'previous' | 'any',
  n: number,
  t: number,
  device: string | undefined,
  waited: number,
): Command {
  return command(
    `refresh with ${pick} token (${n}, ${t}, ${waited} ms late)`,
    hasSessions,
    async (model, real) => {
      const index = indexOf(model.sessions, n);
      const session = at(real.sessions, index);
      const newest = session.tokens.length - 1;
      const token = { newest, previous: Math.max(0, newest - 1), any: t % (newest + 1) }[pick];
      const expected = reference.rotate(model, index, token, { device, waited: Math.min(waited, 60_000) });
      const result = await real.families.rotate(at(session.tokens, token), {
        ...(device === undefined ? {} : { device: { userAgent: device } }),
        receivedAt: model.now - waited,
      });
      await settle(model, real, index, result);
      expect(outcomeOf(result)).toEqual(agrees(model, index, expected, outcomeOf(result)));
      if (result.ok) expect(result.token).toEqual(session.tokens[token + 1]);
    },
  );
}

function unknownToken(expect: Expect): Command {
  return command('refresh with a token that never was', always, async (_model, real) => {
    const result = await real.families.rotate(randomBytes(32).toString('base64url'));
    expect(outcomeOf(result)).toEqual('unknown');
  });
}

const racers = 5;

function race(expect: Expect, n: number): Command {
  return command(`${racers} refresh at once (${n})`, hasSessions, async (model, real) => {
    const index = indexOf(model.sessions, n);
    const session = at(real.sessions, index);
    const newest = session.tokens.length - 1;
    const expected = Array.from({ length: racers }, () => reference.rotate(model, index, newest));
    const presented = at(session.tokens, newest);
    const results = await Promise.all(expected.map(() => real.families.rotate(presented)));
    results.sort((a, b) => outcomeOf(b).localeCompare(outcomeOf(a))); // the one that rotated first
    for (const result of results) await settle(model, real, index, result);
    const seen = results.map(outcomeOf);
    expect(seen).toEqual(expected.map((outcome, i) => agrees(model, index, outcome, seen[i] ?? '')));
    const successors = new Set(results.flatMap((result) => (result.ok ? [result.token] : [])));
    expect([...successors]).toEqual(session.tokens.slice(newest + 1));
  });
}

function refreshDuringLogout(expect: Expect, n: number, all: boolean): Command {
  return command(
    `refresh and log out${all ? ' everywhere' : ''} at once (${n})`,
    hasSessions,
    async (model, real) => {
      const index = indexOf(model.sessions, n);
      const session = at(real.sessions, index);
      const { subject } = at(model.sessions, index);
      const lived = reference.isLiving(at(model.sessions, index), model.now);
      const [result, ended] = await Promise.all([
        real.families.rotate(at(session.tokens, session.tokens.length - 1)),
        all ? real.families.revokeAll(subject) : real.families.revoke(session.id, subject),
      ]);
      if (lived && result.ok) reference.rotate(model, index, session.tokens.length - 1); // it was first
      if (result.ok) await settle(model, real, index, result);
      const expected = all ? reference.endAll(model, subject) : reference.end(model, index);
      const endedIds = Array.isArray(ended) ? ended : ended ? [session.id] : [];
      for (const id of all ? endedIds : [session.id]) await real.endAccess(id);
      expect(Array.isArray(ended) ? [...ended].sort() : ended).toEqual(
        Array.isArray(expected) ? expected.map((i) => at(real.sessions, i).id).sort() : expected,
      );
      expect(result.ok && !lived).toEqual(false);
    },
  );
}

function use(expect: Expect, n: number): Command {
  return command(
    `use an access token (${n})`,
    ({ accesses }) => accesses.length > 0,
    async (model, real) => {
      const index = indexOf(model.accesses, n);
      expect(await real.verify(at(real.accessTokens, index))).toEqual(reference.accessVerdict(model, index));
    },
  );
}

async function rotateKeys(model: Model, real: System): Promise<void> {
  reference.rotateKeys(model);
  await real.rotateKeys();
}
