import { checkNumber, SecapiError } from '@secapi/kernel';
import type { Device, RefreshFamilyRecord, RefreshStore, RotateInput, RotateOutcome } from '@secapi/tokens';
import { callRedis, type RedisClient } from './internal/call.js';
import { createSlotKeys, nameIn } from './internal/keys.js';
import { fromJson, fromLines, ofTime, toLines, toText, toTime, unreadable } from './internal/lines.js';
import { checkStore, type RedisStoreOptions } from './internal/options.js';
import {
  createLua,
  familyFields,
  listLua,
  peekLua,
  revokeAllLua,
  revokeLua,
  rotateLua,
} from './internal/refresh-lua.js';
import { createScript } from './internal/script.js';

/** Options of {@link redisRefreshStore}. */
export interface RedisRefreshStoreOptions extends RedisStoreOptions {
  /** Living sessions of one subject at once, 1000 at most; one more ends the one used longest ago. @default 100 */
  readonly maxPerSubject?: number;
  /** Tokens of one session; with the last it expires, so that no number of rotations fills Redis. @default 10_000 */
  readonly maxPerFamily?: number;
}

/**
 * Refresh families in Redis, for `createRefreshFamilies` of `@secapi/tokens`: each method is one script or one command, over any number of
 * processes. Times are those that the caller gives; Redis's own clock only cleans up, a day late.
 *
 * Redis sees pseudonyms of tokens, and no token. Subjects, session ids and devices stand in its values, since lists show them. When Redis
 * fails or is late, calls reject: nobody is given a token, and whoever asks again within the grace gets the one that was lost.
 *
 * @throws ConfigError when an option is unknown or out of bounds
 */
export function redisRefreshStore(redis: RedisClient, options: RedisRefreshStoreOptions = {}): RefreshStore {
  const where = 'redisRefreshStore';
  const deadline = checkStore(where, redis, options, ['maxPerSubject', 'maxPerFamily']);
  const maxPerSubject = checkNumber(`${where}.maxPerSubject`, options.maxPerSubject ?? 100, {
    min: 1,
    max: 1_000,
  });
  const maxPerFamily = checkNumber(`${where}.maxPerFamily`, options.maxPerFamily ?? 10_000, {
    min: 2,
    max: 10_000_000,
  });
  const keyOf = createSlotKeys(where, 'refresh', options);
  const tokenKey = (digest: string): string => keyOf('t', digest);
  const familyKey = (id: string): string => keyOf('f', id);
  const subjectKey = (subject: string): string => keyOf('s', subject);
  const [create, rotate, list, peek, revoke, revokeAll] = [
    createScript(redis, deadline, createLua),
    createScript(redis, deadline, rotateLua),
    createScript(redis, deadline, listLua),
    createScript(redis, deadline, peekLua),
    createScript(redis, deadline, revokeLua),
    createScript(redis, deadline, revokeAllLua),
  ];

  return {
    async create(family, digest) {
      const [token, subject] = [tokenKey(digest), subjectKey(family.subject)];
      const answer = await create(
        [token, familyKey(family.id), subject],
        [toRecord(family, subject, token), ofTime('family.createdAt', family.createdAt), maxPerSubject],
      );
      if (answer === 'conflict') throw conflict();
      if (answer !== 'created') throw unreadable();
    },
    async rotate({ digest, nextDigest, salt, now, graceMs, idleMs, device }: RotateInput) {
      const answer = await rotate(
        [tokenKey(digest), tokenKey(nextDigest)],
        [
          JSON.stringify(salt),
          ofTime('rotate.now', now),
          ofTime('rotate.graceMs', graceMs),
          ofTime('rotate.idleMs', idleMs),
          device ? JSON.stringify(device) : '',
          maxPerFamily,
        ],
      );
      return toOutcome(answer);
    },
    async list(subject, now) {
      const answer = await list([subjectKey(subject)], []);
      if (!Array.isArray(answer)) throw unreadable();
      return answer
        .reverse() // now the one that Redis saw last comes first; times of other processes' clocks may say otherwise
        .map(toFamily)
        .filter(({ revokedAt, expiresAt }) => revokedAt === undefined && now < expiresAt)
        .sort((a, b) => b.lastUsedAt - a.lastUsedAt);
    },
    async find(id) {
      const value = await callRedis(redis, deadline, 'GET', [familyKey(id)]);
      return value === null ? undefined : toFamily(value);
    },
    async peek(digest) {
      const answer = await peek([tokenKey(digest)], []);
      if (answer === null) return undefined;
      if (!Array.isArray(answer)) throw unreadable();
      return { family: toFamily(answer[1]), used: answer[0] !== 0 };
    },
    async revoke(id, now, subject) {
      const owner = subject === undefined ? '' : JSON.stringify(subject);
      return (await revoke([familyKey(id)], [ofTime('revoke.now', now), owner])) === 1;
    },
    async revokeAll(subject, now, except) {
      const stays = except === undefined ? '' : nameIn(familyKey(except));
      const answer = await revokeAll([subjectKey(subject)], [ofTime('revokeAll.now', now), stays]);
      if (!Array.isArray(answer)) throw unreadable();
      return answer.map(toText);
    },
  };
}

function toRecord(family: RefreshFamilyRecord, subjectKey: string, tokenKey: string): string {
  const { id, subject, device, revokedAt } = family;
  const times = [family.createdAt, family.lastUsedAt, family.expiresAt, family.absoluteExpiresAt];
  return toLines([
    ...[id, subject, device].map((value) => JSON.stringify(value)),
    ...times.map((time) => ofTime('family’s times', time)),
    revokedAt === undefined ? '' : ofTime('family.revokedAt', revokedAt),
    ...[nameIn(subjectKey), nameIn(tokenKey), '', '', '""', '1'],
  ]);
}

function toFamily(value: unknown): RefreshFamilyRecord {
  const fields = fromLines(value, familyFields.length);
  const [id, subject, device, createdAt, lastUsedAt, expiresAt, absoluteExpiresAt, revokedAt] = fields;
  return {
    id: toText(id),
    subject: toText(subject),
    device: toDevice(fromJson(device)),
    createdAt: toTime(createdAt),
    lastUsedAt: toTime(lastUsedAt),
    expiresAt: toTime(expiresAt),
    absoluteExpiresAt: toTime(absoluteExpiresAt),
    ...(revokedAt === '' ? {} : { revokedAt: toTime(revokedAt) }),
  };
}

function toDevice(value: unknown): Device {
  if (typeof value !== 'object' || value === null) throw unreadable();
  const { userAgent, address } = value as Record<string, unknown>; // any object may be read so
  return {
    ...(typeof userAgent === 'string' ? { userAgent } : {}),
    ...(typeof address === 'string' ? { address } : {}),
  };
}

function toOutcome(answer: unknown): RotateOutcome {
  if (!Array.isArray(answer)) throw unreadable();
  const [outcome, value, salt]: unknown[] = answer;
  switch (outcome) {
    case 'unknown':
      return { outcome };
    case 'conflict':
      throw conflict();
    case 'raced':
      return { outcome, family: toFamily(value), salt: toText(typeof salt === 'string' ? salt : undefined) };
    case 'rotated':
    case 'reused':
    case 'expired':
    case 'revoked':
      return { outcome, family: toFamily(value) };
    default:
      throw unreadable();
  }
}

function conflict(): SecapiError {
  return new SecapiError('TOKEN_STORE_CONFLICT', 'the refresh store has this family or digest already');
}
