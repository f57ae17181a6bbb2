import { always, type Command, command, type Expect, hasSessions, indexOf } from './command.js';
import * as reference from './reference.js';
import { at, type Model, type Subject } from './reference.js';
import type { System } from './system.js';

export function logout(expect: Expect, n: number): Command {
  return command(`log out (${n})`, hasSessions, async (model, real) => {
    const index = indexOf(model.sessions, n);
    const { id } = at(real.sessions, index);
    const { subject } = at(model.sessions, index);
    const stranger = subject === 'ann' ? 'bob' : 'ann';
    expect(await real.families.revoke(id, stranger)).toEqual(false);
    const ended = await real.families.revoke(id, subject);
    await real.endAccess(id);
    expect(ended).toEqual(reference.end(model, index));
  });
}

/** Ends the sessions of a subject, but one if it is given. */
export async function endAll(
  expect: Expect,
  model: Model,
  real: System,
  subject: Subject,
  except?: number,
): Promise<void> {
  const options = except === undefined ? {} : { except: at(real.sessions, except).id };
  const ended = await real.families.revokeAll(subject, options);
  for (const id of ended) await real.endAccess(id);
  const expected = reference.endAll(model, subject, except).map((index) => at(real.sessions, index).id);
  expect([...ended].sort()).toEqual(expected.sort());
}

export function logoutAll(expect: Expect, subject: Subject): Command {
  return command(`log ${subject} out everywhere`, always, (model, real) =>
    endAll(expect, model, real, subject),
  );
}

export function logoutOthers(expect: Expect, n: number): Command {
  return command(`log out everywhere else (${n})`, hasSessions, (model, real) => {
    const index = indexOf(model.sessions, n);
    return endAll(expect, model, real, at(model.sessions, index).subject, index);
  });
}

export function check(expect: Expect, subject: Subject): Command {
  return command(`list the sessions of ${subject}`, always, (model, real) =>
    checkSessions(expect, model, real, subject),
  );
}

/** Compares the list of a subject's sessions, and what is said of each session. */
export async function checkSessions(
  expect: Expect,
  model: Model,
  real: System,
  subject: Subject,
): Promise<void> {
  const list = await real.families.list(subject);
  const times = list.map(({ lastUsedAt }) => lastUsedAt);
  expect(times).toEqual([...times].sort((a, b) => b - a));
  const expected = reference.living(model, subject).map((index) => {
    const { createdAt, lastUsedAt, end, device } = at(model.sessions, index);
    return {
      id: at(real.sessions, index).id,
      subject,
      createdAt,
      lastUsedAt,
      expiresAt: end,
      device: { userAgent: device },
    };
  });
  const byId = (a: { id: string }, b: { id: string }): number => a.id.localeCompare(b.id);
  expect([...list].sort(byId)).toEqual(expected.sort(byId));
  for (const [index, session] of model.sessions.entries()) {
    if (session.subject !== subject) continue;
    const { id, tokens } = at(real.sessions, index);
    const known = reference.isLiving(session, model.now) ? id : undefined;
    expect((await real.families.find(id))?.id).toEqual(known);
    if (!real.canInspect) continue;
    expect((await real.families.inspect(at(tokens, tokens.length - 1)))?.id).toEqual(known);
    if (tokens[1] !== undefined) expect(await real.families.inspect(at(tokens, 0))).toEqual(undefined);
  }
}
