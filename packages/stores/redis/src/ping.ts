import { type Duration, SecapiError, toMilliseconds } from '@secapi/kernel';
import type { RedisErrorCode } from './errors.js';
import { callRedis, type RedisClient, withDeadline } from './internal/call.js';

/** A client that tells when it is connected: ioredis's `Redis` and `Cluster` are such. */
export interface PingableClient extends RedisClient {
  readonly status: string;
  once(event: 'ready', listener: () => void): unknown;
  off(event: 'ready', listener: () => void): unknown;
  /** The connections of a `Cluster`. */
  nodes?(role: 'master'): readonly RedisClient[];
}

/** Whether Redis answers. */
export type PingResult = { readonly ok: true } | { readonly ok: false; readonly reason: RedisErrorCode };

/**
 * Asks Redis whether it is there, for health checks and at start: waits for the connection too, never longer than the deadline, never rejects.
 *
 * Of a cluster it asks every master, and so connects to them: a `Cluster` does that only with a first command, and refuses the next ones meanwhile.
 *
 * @default '1s'
 */
export async function pingRedis(redis: PingableClient, deadline: Duration = '1s'): Promise<PingResult> {
  const milliseconds = toMilliseconds('pingRedis.deadline', deadline, { max: 60 });
  const started = performance.now();
  if (!(await isReady(redis, milliseconds))) return { ok: false, reason: 'REDIS_UNREACHABLE' };
  const left = Math.max(1, milliseconds - Math.ceil(performance.now() - started));
  try {
    const clients = redis.nodes?.('master') ?? [redis];
    if (clients.length === 0) return { ok: false, reason: 'REDIS_UNREACHABLE' };
    const answers = await Promise.all(clients.map((client) => callRedis(client, left, 'PING', [])));
    return answers.every((answer) => answer === 'PONG')
      ? { ok: true }
      : { ok: false, reason: 'REDIS_FAILED' };
  } catch (error) {
    // callRedis throws nothing else.
    return {
      ok: false,
      reason: error instanceof SecapiError ? (error.code as RedisErrorCode) : 'REDIS_FAILED',
    };
  }
}

async function isReady(redis: PingableClient, deadline: number): Promise<boolean> {
  if (redis.status === 'ready') return true;
  if (redis.status === 'end') return false;
  let listener = (): void => {};
  try {
    await withDeadline(deadline, () => {
      return new Promise<void>((resolve) => {
        listener = resolve;
        redis.once('ready', listener);
      });
    });
    return true;
  } catch {
    return false;
  } finally {
    redis.off('ready', listener);
  }
}
