import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import { randomToken, sha256, toHex, uuidv7 } from '@secapi/kernel';
import type {
  AccessTokens,
  Hasher,
  OneTimeTokens,
  PasswordRules,
  Revocations,
  Session,
  Sessions,
} from '../../src/index.js';

// Small real parts: a primitive imports no other one, not even in its tests.

const cost = { N: 16, r: 1, p: 1 };

/** scrypt at a cost that is right for tests alone. `version` stands for parameters that may be outdated. */
export function scryptHasher(version = 2): Hasher {
  const dummy = `${version}:${'00'.repeat(16)}:${'00'.repeat(32)}`;
  return {
    async hash(password) {
      const salt = randomBytes(16);
      return `${version}:${salt.toString('hex')}:${scryptSync(password, salt, 32, cost).toString('hex')}`;
    },
    async verify(password, hash) {
      const [made = '', salt = '', digest = ''] = (hash ?? dummy).split(':');
      const found = scryptSync(password, Buffer.from(salt, 'hex'), 32, cost);
      const ok = timingSafeEqual(found, Buffer.from(digest, 'hex')) && hash !== undefined;
      return { ok, needsRehash: ok && made !== String(version) };
    },
  };
}

export const rules: PasswordRules = {
  check(password, context = []) {
    if (password.length < 15) return { ok: false, code: 'PASSWORD_TOO_SHORT', message: 'Use 15 or more.' };
    const words = context.flatMap((text) => text.toLowerCase().split(/[@ ]/));
    if (words.some((word) => word.length > 4 && password.startsWith(word))) {
      return { ok: false, code: 'PASSWORD_CONTEXT_WORD', message: 'Not your name.' };
    }
    return { ok: true };
  },
};

export function memorySessions(now: () => number): Sessions {
  const sessions = new Map<string, Session>();
  const tokens = new Map<string, { id: string; used: boolean }>();
  const killed = new Map<string, Session>();
  const lifetime = 14 * 86_400_000;
  function issue(id: string): string {
    const token = randomToken();
    tokens.set(token, { id, used: false });
    return token;
  }
  return {
    async start({ subject, device = {} }) {
      const id = uuidv7(now);
      const session = {
        id,
        subject,
        createdAt: now(),
        lastUsedAt: now(),
        expiresAt: now() + lifetime,
        device,
      };
      sessions.set(id, session);
      return { token: issue(id), session };
    },
    async rotate(token) {
      const found = tokens.get(token);
      if (!found) return { ok: false, reason: 'unknown' };
      const session = sessions.get(found.id);
      const ended = killed.get(found.id);
      if (!session) return { ok: false, reason: 'revoked', ...(ended && { session: ended }) };
      if (found.used) {
        sessions.delete(found.id);
        killed.set(found.id, session);
        return { ok: false, reason: 'reused', session };
      }
      if (session.expiresAt <= now()) return { ok: false, reason: 'expired', session };
      found.used = true;
      const renewed = { ...session, lastUsedAt: now(), expiresAt: now() + lifetime };
      sessions.set(found.id, renewed);
      return { ok: true, token: issue(found.id), session: renewed, raced: false };
    },
    async list(subject) {
      return [...sessions.values()].filter((session) => session.subject === subject);
    },
    async find(id) {
      return sessions.get(id);
    },
    async revoke(id, subject) {
      const session = sessions.get(id);
      if (!session || (subject !== undefined && session.subject !== subject)) return false;
      return sessions.delete(id);
    },
    async revokeAll(subject, { except } = {}) {
      const ids = [...sessions.values()]
        .filter((s) => s.subject === subject && s.id !== except)
        .map((s) => s.id);
      for (const id of ids) sessions.delete(id);
      return ids;
    },
  };
}

/** A token that says in clear what a signed one would say: enough to ask whether it is revoked. */
export function plainIssuer(now: () => number): AccessTokens {
  return {
    async issue({ subject, session, authenticatedAt: at }) {
      const iat = Math.floor(now() / 1_000);
      const claims = { jti: uuidv7(now), sub: subject, sid: session, iat, at };
      return { token: JSON.stringify(claims), expiresIn: 900 };
    },
  };
}

/** Knows what is revoked; `accepts` is what a verifier would say of a token. */
export function memoryRevocations(now: () => number) {
  const sessions = new Map<string, number>();
  const subjects = new Map<string, { at: number; until: number }>();
  const store: Revocations = {
    async revoke({ kind, id, at, until }) {
      if (kind === 'session') sessions.set(id, until);
      if (kind === 'subject') subjects.set(id, { at, until });
    },
  };
  function accepts(token: string): boolean {
    const { sub, sid, iat } = JSON.parse(token) as { sub: string; sid: string; iat: number };
    if (now() >= (iat + 900) * 1_000) return false;
    if ((sessions.get(sid) ?? 0) > now()) return false;
    const subject = subjects.get(sub);
    return !(subject && subject.until > now() && iat * 1_000 <= subject.at);
  }
  return { store, accepts };
}

export function memoryOneTime(now: () => number): OneTimeTokens {
  const records = new Map<
    string,
    { purpose: string; subject: string; binding: string | undefined; expiresAt: number }
  >();
  return {
    async issue({ purpose, subject, lifetime, binding }) {
      const token = randomToken();
      const expiresAt = now() + Number(lifetime) * 1_000;
      records.set(toHex(await sha256(token)), { purpose, subject, binding, expiresAt });
      return { token, expiresAt };
    },
    async consume({ purpose, token, binding }) {
      const digest = toHex(await sha256(token));
      const record = records.get(digest);
      if (record?.purpose !== purpose || record.expiresAt <= now()) return { ok: false };
      records.delete(digest);
      if (record.binding !== (await binding?.(record.subject))) return { ok: false };
      return { ok: true, subject: record.subject };
    },
    async revoke(purpose, subject) {
      for (const [digest, record] of records) {
        if (record.purpose === purpose && record.subject === subject) records.delete(digest);
      }
    },
  };
}
