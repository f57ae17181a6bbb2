import { createHash } from 'node:crypto';
import { isScriptMissing, type RedisClient, withDeadline } from './call.js';

/** Runs one Lua script: one atomic operation of Redis. */
export type Script = (keys: readonly string[], args: readonly (string | number)[]) => Promise<unknown>;

/**
 * A script that is sent by its digest, and as a whole when Redis doesn't know it (any more): after a restart, a failover, SCRIPT FLUSH.
 */
export function createScript(redis: RedisClient, deadline: number, lua: string): Script {
  const digest = createHash('sha1').update(lua).digest('hex'); // the name that Redis gives a script: not a secret's digest
  return function runScript(keys, args) {
    const rest = [keys.length, ...keys, ...args];
    return withDeadline(deadline, async () => {
      try {
        return await redis.call('EVALSHA', digest, ...rest);
      } catch (error) {
        if (!isScriptMissing(error)) throw error;
        return redis.call('EVAL', lua, ...rest);
      }
    });
  };
}
