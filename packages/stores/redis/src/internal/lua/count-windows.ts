import { headLua, keepLua } from './keep.js';
import { windowFunctions } from './window-functions.js';

/**
 * The requests of a batch whose limits are all sliding windows, no two of them on one key: what nearly every batch is, in a third of the time of the
 * script for all. Each request is decided as a whole: all its limits count it or none.
 *
 * When a key holds anything but such a counter, it answers 0 and has done nothing: the script for all then tells which request that concerns.
 *
 * KEYS: the counters of all requests. ARGV: the clock, then for each row of requests with the same limits: how many they are, how many
 * counters each has, and limit, window and cost of each of these. The answer is that of the script for all.
 */
export const countWindowsLua: string = `${headLua}${windowFunctions}${keepLua}
local values
if #names == 1 then
  values = { safe_call('GET', names[1]) }
else
  values = call('MGET', unpack(names))
  local missing = {}
  for i = 1, #names do
    if not values[i] then missing[#missing + 1] = names[i] end
  end
  -- To MGET a value of another type is none.
  if #missing > 0 and call('EXISTS', unpack(missing)) > 0 then return 0 end
end
for i = 1, #names do
  local value = values[i]
  if value and (type(value) == 'table' or #value ~= 27 or string.byte(value) ~= 1) then return 0 end
end

local answer, place = { now }, 0

local function state_of(value, window)
  if not value then return 0, now, 0, 0 end
  local expires, start, previous, current = decode(value)
  return expires, advance(start, previous, current, nil, window)
end

local function count(limit, window, cost)
  place = place + 1
  local before = values[place]
  local expires, start, previous, current = state_of(before, window)
  answer[place * 2], answer[place * 2 + 1], start, previous, current = judge(start, previous, current, limit, window, nil, cost)
  keep(names[place], before, expires, ends_at(start, previous, current, nil, window), window, encode, start, previous, current)
end

-- What a limit says that has room, when another of the request has none and so nothing is counted. A clock that was set back is kept all the same.
local function peek(at, limit, window)
  local expires, start, previous, current = state_of(values[at], window)
  keep(names[at], values[at], expires, ends_at(start, previous, current, nil, window), window, encode, start, previous, current)
  if answer[at * 2 + 1] < 0 then return end
  local used = current + weigh(previous, window, now - start)
  answer[at * 2], answer[at * 2 + 1] = limit - used, 0
  if used > 0 then answer[at * 2 + 1] = wait_until(start, previous, current, window, used - 1) end
end

local expire, starts, before_last, last_counts = {}, {}, {}, {} -- of the request under way

local function count_all(first, many)
  local refused = false
  for i = 1, many do
    local shape, at = first + i * 3 - 3, place + i
    local limit, window, cost = tonumber(args[shape]), tonumber(args[shape + 1]), tonumber(args[shape + 2])
    local start, previous, current
    expire[i], start, previous, current = state_of(values[at], window)
    answer[at * 2], answer[at * 2 + 1], starts[i], before_last[i], last_counts[i] =
      judge(start, previous, current, limit, window, nil, cost)
    if answer[at * 2 + 1] < 0 then refused = true end
  end
  for i = 1, many do
    local shape, at = first + i * 3 - 3, place + i
    local window = tonumber(args[shape + 1])
    if not refused then
      local start, previous, current = starts[i], before_last[i], last_counts[i]
      keep(names[at], values[at], expire[i], ends_at(start, previous, current, nil, window), window, encode, start, previous, current)
    else
      peek(at, tonumber(args[shape]), window)
    end
  end
  place = place + many
end

local from, last = 2, #args
while from <= last do
  local requests, many = tonumber(args[from]), tonumber(args[from + 1])
  if many == 1 then
    local limit, window, cost = tonumber(args[from + 2]), tonumber(args[from + 3]), tonumber(args[from + 4])
    for _ = 1, requests do count(limit, window, cost) end
  else
    for _ = 1, requests do count_all(from + 2, many) end
  end
  from = from + 2 + many * 3
end
return answer
`;
