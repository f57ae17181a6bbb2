/**
 * The sliding window of `@secapi/rate-limit`, line for line, in Lua. A counter is one string, `start previous current`, written
 * together with its expiry: there is no moment at which a key has none.
 *
 * ARGV[1] is empty, and Redis's own time decides, except in tests.
 */
export const windowLua = `
local now
if ARGV[1] == '' then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
else
  now = tonumber(ARGV[1])
end

local function weigh(previous, window, elapsed)
  return math.floor(previous * (window - 1 - elapsed) / window)
end

local function elapsed_until(previous, window, most)
  if previous == 0 then return 0 end
  return math.max(0, window - math.ceil((most + 1) * window / previous))
end

local function wait_until(previous, current, window, elapsed, most)
  if current <= most then
    return math.max(0, elapsed_until(previous, window, most - current) - elapsed)
  end
  return window - elapsed + elapsed_until(current, window, most)
end

local function read(key, window)
  local value = redis.call('GET', key)
  if not value then return { start = now, previous = 0, current = 0 } end
  local s, p, c = string.match(value, '^(%d+) (%d+) (%d+)$')
  local start, previous, current = tonumber(s), tonumber(p), tonumber(c)
  if now < start then return { start = now, previous = previous, current = current } end
  if now - start >= 2 * window then return { start = now, previous = 0, current = 0 } end
  if now - start >= window then
    start, previous, current = start + window, current, 0
  end
  if current == 0 and weigh(previous, window, now - start) == 0 then
    return { start = now, previous = 0, current = 0 }
  end
  return { start = start, previous = previous, current = current }
end

local function write(key, window, counter)
  local stop = counter.start
  if counter.current > 0 then
    stop = stop + window + elapsed_until(counter.current, window, 0)
  else
    stop = stop + elapsed_until(counter.previous, window, 0)
  end
  local left = stop - now
  if ARGV[1] ~= '' then left = left + 60000 end
  if counter.previous + counter.current == 0 or left <= 0 then
    redis.call('DEL', key)
  else
    local value = string.format('%.0f %.0f %.0f', counter.start, counter.previous, counter.current)
    redis.call('SET', key, value, 'PX', string.format('%.0f', left))
  end
end
`;
