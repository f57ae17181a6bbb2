/*
 * What sessions are, without a store, a key or a signature: some hundred lines that everything else has to agree with. Times are milliseconds,
 * and sessions, tokens and keys go by their places in the order in which they came.
 */

/** The lifetimes that a model and the real thing share, in milliseconds. */
export const rules = {
  idle: 600_000,
  absolute: 900_000,
  grace: 5_000,
  access: 180_000,
  reset: 300_000,
  publishFor: 60_000,
  verifyFor: 180_000,
  /** Dead families may be forgotten after so long. */
  remembrance: 86_400_000,
  /** Of one subject, one more than these drops another. */
  mostResets: 10,
} as const;

/** Who signs in. */
export const subjects = ['ann', 'bob'] as const;
export type Subject = (typeof subjects)[number];

export interface ModelSession {
  readonly subject: Subject;
  readonly absoluteEnd: number;
  readonly createdAt: number;
  device: string;
  lastUsedAt: number;
  end: number;
  revokedAt: number | undefined;
  /** When each refresh token was used, the first one first. */
  readonly tokens: { usedAt: number | undefined }[];
}

export interface Model {
  now: number;
  readonly sessions: ModelSession[];
  readonly accesses: { readonly session: number; readonly issuedAt: number; readonly key: number }[];
  readonly keys: { readonly activeAt: number; retireAt: number | undefined }[];
  readonly resets: {
    readonly subject: Subject;
    readonly password: number;
    readonly end: number;
    isSpent: boolean;
  }[];
  /** Until when a session's access tokens are refused. */
  readonly endedSessions: Map<number, number>;
  /** Up to when what a subject was issued is refused, and until when. */
  readonly epochs: Map<Subject, { readonly at: number; readonly until: number }>;
  /** How often each subject changed the password. */
  readonly passwords: Record<Subject, number>;
}

export function emptyModel(now: number): Model {
  return {
    now,
    sessions: [],
    accesses: [],
    keys: [{ activeAt: now, retireAt: undefined }],
    resets: [],
    endedSessions: new Map(),
    epochs: new Map(),
    passwords: { ann: 0, bob: 0 },
  };
}

/** An element that must be there: commands look before they are run. */
export function at<T>(list: readonly T[], index: number): T {
  const value = list[index];
  if (value === undefined) throw new RangeError(`the model has no element ${index}`);
  return value;
}

export function isLiving({ revokedAt, end }: ModelSession, now: number): boolean {
  return revokedAt === undefined && now < end;
}

export function living(model: Model, subject: Subject): number[] {
  return model.sessions.flatMap((session, index) =>
    session.subject === subject && isLiving(session, model.now) ? [index] : [],
  );
}

export function login(model: Model, subject: Subject, device: string): void {
  const { now } = model;
  model.sessions.push({
    ...{ subject, device, createdAt: now, lastUsedAt: now },
    absoluteEnd: now + rules.absolute,
    end: now + rules.idle,
    revokedAt: undefined,
    tokens: [{ usedAt: undefined }],
  });
  issueAccess(model, model.sessions.length - 1);
}

function issueAccess(model: Model, session: number): void {
  const key = model.keys.findLastIndex(({ activeAt }) => activeAt <= model.now);
  model.accesses.push({ session, issuedAt: model.now, key });
}

export type RotateVerdict = 'rotated' | 'raced' | 'reused' | 'expired' | 'revoked';

/** Rotates the `token`-th token of a session, of a request that has waited for so long. */
export function rotate(
  model: Model,
  index: number,
  token: number,
  { device, waited = 0 }: { readonly device?: string | undefined; readonly waited?: number } = {},
): RotateVerdict {
  const session = at(model.sessions, index);
  const { now } = model;
  if (session.revokedAt !== undefined) return 'revoked';
  if (now >= session.end) return 'expired';
  const presented = at(session.tokens, token);
  if (presented.usedAt === undefined) {
    presented.usedAt = now;
    session.tokens.push({ usedAt: undefined });
    session.lastUsedAt = now;
    session.end = Math.min(now + rules.idle, session.absoluteEnd);
    session.device = device ?? session.device;
    issueAccess(model, index);
    return 'rotated';
  }
  const isSuccessorUnused = at(session.tokens, token + 1).usedAt === undefined;
  if (isSuccessorUnused && now - presented.usedAt <= rules.grace + waited) {
    issueAccess(model, index);
    return 'raced';
  }
  end(model, index);
  return 'reused';
}

/** Ends a session, if it lives, and refuses its access tokens in any case; whether it lived. */
export function end(model: Model, index: number): boolean {
  const session = at(model.sessions, index);
  const lived = isLiving(session, model.now);
  if (lived) session.revokedAt = model.now;
  model.endedSessions.set(index, model.now + rules.access);
  return lived;
}

export function endAll(model: Model, subject: Subject, except?: number): number[] {
  const ended = living(model, subject).filter((index) => index !== except);
  for (const index of ended) end(model, index);
  return ended;
}

/** Begins a new epoch of a subject: nothing issued so far is accepted any more. */
export function beginEpoch(model: Model, subject: Subject): void {
  model.epochs.set(subject, { at: model.now, until: model.now + rules.access });
}

export type AccessVerdict = 'ok' | 'unknown_key' | 'expired' | 'revoked';

export function accessVerdict(model: Model, index: number): AccessVerdict {
  const { session, issuedAt, key } = at(model.accesses, index);
  const { retireAt } = at(model.keys, key);
  if (retireAt !== undefined && retireAt <= model.now) return 'unknown_key';
  if (model.now >= Math.floor(issuedAt / 1_000) * 1_000 + rules.access) return 'expired';
  if ((model.endedSessions.get(session) ?? 0) > model.now) return 'revoked';
  const epoch = model.epochs.get(at(model.sessions, session).subject);
  return epoch && epoch.until > model.now && issuedAt <= epoch.at ? 'revoked' : 'ok';
}

/** Publishes a key, unless one is published that doesn't sign yet. */
export function rotateKeys(model: Model): void {
  const newest = at(model.keys, model.keys.length - 1);
  if (newest.activeAt > model.now) return;
  const activeAt = model.now + rules.publishFor;
  for (const key of model.keys) key.retireAt ??= activeAt + rules.verifyFor;
  model.keys.push({ activeAt, retireAt: undefined });
}

export function issueReset(model: Model, subject: Subject): void {
  const password = model.passwords[subject];
  model.resets.push({ subject, password, end: model.now + rules.reset, isSpent: false });
}

/** Whether one more would drop none that could still be used. */
export function hasRoomForReset(model: Model, subject: Subject): boolean {
  const usable = model.resets.filter(
    (each) => each.subject === subject && !each.isSpent && each.end > model.now,
  );
  return usable.length < rules.mostResets;
}

/** Uses a token up, whatever comes of it; whether it was good. */
export function consumeReset(model: Model, index: number): boolean {
  const reset = at(model.resets, index);
  const isGood = !reset.isSpent && model.now < reset.end && model.passwords[reset.subject] === reset.password;
  reset.isSpent = true;
  return isGood;
}

export function dropResets(model: Model, subject: Subject): void {
  for (const reset of model.resets) if (reset.subject === subject) reset.isSpent = true;
}
