/**
 * The sliding window of `@secapi/rate-limit`, line for line, in Lua, as the functions that an algorithm consists of. A counter's state is three
 * numbers, here start, previous and current; as values and not as a table, since that makes half of what a decision costs.
 * - `read(key, window)`: the state as it stands now
 * - `judge(a, b, c, limit, window, cost)`: allowed, remaining, reset and wait, as they are once the request is counted
 * - `count(a, b, c, cost)`: the state after that
 * - `peek(a, b, c, limit, window)`: remaining and reset, when another limit refused the request
 * - `give_back(a, b, c, window, cost, at)`: the state after a refund
 * - `write(key, window, a, b, c)`
 *
 * A counter is one string, `start previous current`, written together with its expiry: there is no moment at which a key has none.
 */
export const windowLua = `
local function weigh(previous, window, elapsed)
  return floor(previous * (window - 1 - elapsed) / window)
end

local function elapsed_until(previous, window, most)
  if previous == 0 then return 0 end
  return max(0, window - ceil((most + 1) * window / previous))
end

local function wait_until(previous, current, window, elapsed, most)
  if current <= most then
    return max(0, elapsed_until(previous, window, most - current) - elapsed)
  end
  return window - elapsed + elapsed_until(current, window, most)
end

local function read(key, window)
  local value = call('GET', key)
  if not value then return now, 0, 0 end
  local s, p, c = match(value, '^(%d+) (%d+) (%d+)$')
  local start, previous, current = tonumber(s), tonumber(p), tonumber(c)
  if now < start then return now, previous, current end
  if now - start >= 2 * window then return now, 0, 0 end
  if now - start >= window then
    start, previous, current = start + window, current, 0
  end
  if current == 0 and weigh(previous, window, now - start) == 0 then return now, 0, 0 end
  return start, previous, current
end

local function judge(start, previous, current, limit, window, cost)
  local elapsed = now - start
  local used = current
  if previous > 0 then used = current + weigh(previous, window, elapsed) end
  if used + cost <= limit then
    return true, limit - used - cost, wait_until(previous, current + cost, window, elapsed, used + cost - 1), 0
  end
  local wait = window
  if cost <= limit then wait = wait_until(previous, current, window, elapsed, limit - cost) end
  return false, max(0, limit - used), wait, wait
end

local function count(start, previous, current, cost)
  return start, previous, current + cost
end

local function peek(start, previous, current, limit, window)
  local elapsed = now - start
  local used = current + weigh(previous, window, elapsed)
  if used == 0 then return limit, 0 end
  return max(0, limit - used), wait_until(previous, current, window, elapsed, used - 1)
end

local function give_back(start, previous, current, window, cost, at)
  if at >= start then return start, previous, max(0, current - cost) end
  if at >= start - window then return start, max(0, previous - cost), current end
  return start, previous, current
end

local function write(key, window, start, previous, current)
  local stop = start
  if current > 0 then
    stop = stop + window + elapsed_until(current, window, 0)
  else
    stop = stop + elapsed_until(previous, window, 0)
  end
  local left = stop - now
  if by_caller then left = left + 60000 end
  if previous + current == 0 or left <= 0 then
    call('DEL', key)
  else
    call('SET', key, format('%d %d %d', start, previous, current), 'PX', format('%d', left))
  end
end
`;
