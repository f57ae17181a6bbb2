import { randomToken } from '@secapi/kernel';
import type { RedisClient } from './call.js';
import { createScript } from './script.js';

/**
 * The processes that were seen lately, in one string, a line for each: its name and when it was last seen. Written together with its expiry.
 *
 * ARGV: this process's name, and for how many milliseconds one counts as seen.
 */
const beatLua = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local name, span = ARGV[1], tonumber(ARGV[2])
local lines = { string.format('%s %.0f', name, now) }
for other, seen in string.gmatch(redis.call('GET', KEYS[1]) or '', '(%S+) (%d+)') do
  if other ~= name and #lines < 1000 and math.abs(now - tonumber(seen)) < span then
    lines[#lines + 1] = other .. ' ' .. seen
  end
end
redis.call('SET', KEYS[1], table.concat(lines, '\\n'), 'PX', ARGV[2])
return #lines
`;

// Soon again at first: processes are often started together.
const firstBeatMs = 250;
const beatEveryMs = 3_000;
const seenForMs = 10_000;

/** One for the whole process: two stores of it are one that counts. */
let ownName: string | undefined;

function nameOfProcess(): string {
  ownName ??= randomToken(16);
  return ownName;
}

/** How many processes use a store. */
export interface Presence {
  /** Tells Redis, now and then, that this process is there; `local` is a time that is never set back. Nobody waits for it. */
  beat(local: number): void;
  /** How many were there when Redis was last asked; 1 before that. */
  count(): number;
}

/**
 * @param isAsked whether Redis is asked at all
 * @param name another one, for tests
 */
export function createPresence(
  redis: RedisClient,
  deadline: number,
  key: string,
  isAsked: () => boolean,
  name: string = nameOfProcess(),
): Presence {
  const run = createScript(redis, deadline, beatLua);
  let next = Number.NEGATIVE_INFINITY;
  let pauseMs = firstBeatMs;
  let seen = 1;
  let seenAt = Number.NEGATIVE_INFINITY;

  async function ask(local: number): Promise<void> {
    const answer = await run([key], [name, seenForMs]);
    if (typeof answer !== 'number' || answer < 1) return;
    // After Redis was emptied, the others tell it of themselves one by one.
    if (answer < seen && local - seenAt < seenForMs) return;
    seen = answer;
    seenAt = local;
  }

  return {
    beat(local) {
      if (local < next || !isAsked()) return;
      next = local + pauseMs;
      pauseMs = Math.min(beatEveryMs, pauseMs * 2);
      ask(local).catch(() => {}); // whoever counts learns of the failure by himself
    },
    count: () => seen,
  };
}
