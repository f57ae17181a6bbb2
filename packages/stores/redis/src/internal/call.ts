import { SecapiError } from '@secapi/kernel';
import type { RedisErrorCode } from '../errors.js';

/** What is asked of a client: ioredis's `Redis` and `Cluster` are such, of version 5 and 6. */
export interface RedisClient {
  /** Whether keys of one command must lie in one slot: of a `Cluster` it is true. */
  readonly isCluster?: boolean;
  call(command: string, ...args: (string | number)[]): Promise<unknown>;
}

/** One command and its answer. */
export function callRedis(
  redis: RedisClient,
  deadline: number,
  command: string,
  args: readonly (string | number)[],
): Promise<unknown> {
  return withDeadline(deadline, () => redis.call(command, ...args));
}

/** What `run` gives, or a coded error at the deadline: whatever the client's own timeouts are, nobody waits longer. */
export async function withDeadline<T>(deadline: number, run: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(timeout(deadline)), deadline).unref();
  });
  try {
    return await Promise.race([run(), late]);
  } catch (error) {
    throw toSecapiError(error, deadline);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether Redis doesn't know the script that it was asked for by digest. */
export function isScriptMissing(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}

function timeout(deadline: number): SecapiError<RedisErrorCode> {
  return new SecapiError('REDIS_TIMEOUT', `redis gave no answer within ${deadline} ms`);
}

// The client's error is not kept as a cause: it holds the command with all its arguments.
function toSecapiError(error: unknown, deadline: number): SecapiError<RedisErrorCode> {
  if (error instanceof SecapiError) return error as SecapiError<RedisErrorCode>; // only `timeout` makes one here
  const { name, message } = error instanceof Error ? error : { name: '', message: '' };
  if (name === 'ReplyError') {
    const code = /^[A-Z]{2,20}\b/.exec(message)?.[0] ?? 'ERR';
    return new SecapiError('REDIS_FAILED', `redis answered with ${code}`);
  }
  if (message === 'Command timed out') return timeout(deadline);
  return new SecapiError('REDIS_UNREACHABLE', 'there is no connection to redis');
}
