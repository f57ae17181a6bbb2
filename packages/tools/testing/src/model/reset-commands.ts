import { always, type Command, command, type Expect, indexOf } from './command.js';
import { endAll } from './ending-commands.js';
import * as reference from './reference.js';
import { at, type Model, rules, type Subject } from './reference.js';

const purpose = 'reset';
const passwordOf = (model: Model, subject: string): string =>
  `${subject} ${model.passwords[subject as Subject]}`; // the subject of a token that was issued for one of them

export function issueReset(subject: Subject): Command {
  return command(
    `mail ${subject} a reset token`,
    (model) => reference.hasRoomForReset(model, subject),
    async (model, real) => {
      reference.issueReset(model, subject);
      const binding = passwordOf(model, subject);
      const { token } = await real.resets.issue({ purpose, subject, lifetime: rules.reset / 1_000, binding });
      real.resetTokens.push(token);
    },
  );
}

export function dropResets(subject: Subject): Command {
  return command(`drop the reset tokens of ${subject}`, always, async (model, real) => {
    reference.dropResets(model, subject);
    await real.resets.revoke(purpose, subject);
  });
}

export function changePassword(subject: Subject): Command {
  return command(`change the password of ${subject}`, always, async (model) => {
    model.passwords[subject]++;
  });
}

export function reset(expect: Expect, n: number, times: number): Command {
  return command(
    `reset a password, ${times} at once (${n})`,
    ({ resets }) => resets.length > 0,
    async (model, real) => {
      const index = indexOf(model.resets, n);
      const token = at(real.resetTokens, index);
      const { subject } = at(model.resets, index);
      const binding = (who: string): string => passwordOf(model, who);
      expect((await real.resets.consume({ purpose: 'other', token, binding })).ok).toEqual(false);
      const results = await Promise.all(
        Array.from({ length: times }, () => real.resets.consume({ purpose, token, binding })),
      );
      const isGood = reference.consumeReset(model, index);
      expect(results.filter(({ ok }) => ok)).toEqual(isGood ? [{ ok: true, subject }] : []);
      if (!isGood) return;
      model.passwords[subject]++;
      reference.beginEpoch(model, subject);
      await real.beginEpoch(subject);
      await endAll(expect, model, real, subject);
    },
  );
}
