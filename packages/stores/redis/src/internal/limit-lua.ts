import { windowLua } from './window-lua.js';

/** ARGV[1] is empty, and Redis's own time decides, except in tests. */
const clockLua = `
local call, floor, ceil, max, match, format, tonumber, pcall = redis.call, math.floor, math.ceil, math.max, string.match, string.format, tonumber, pcall
local args, names = ARGV, KEYS
local now
local by_caller = ARGV[1] ~= ''
if not by_caller then
  local time = call('TIME')
  now = time[1] * 1000 + floor(time[2] / 1000)
else
  now = tonumber(ARGV[1])
end
`;

/**
 * The requests of a batch, one after the other. Each is decided as a whole: all its limits count it or none, and an error in one (a value of another
 * type, no memory left) is that request's alone.
 *
 * KEYS: the counters of all requests. ARGV: the clock, then for each row of requests with the same limits: how many they are, how many
 * counters each has, and limit, window and cost of each of these.
 * The answer is flat, since many small arrays take longer to read: the time, then for each counter allowed, remaining, reset and wait; of a request that
 * failed, the code of its error in place of each.
 */
export const consumeLua: string = `${clockLua}${windowLua}
local answer, size = { now }, 1

local function tell(allowed, remaining, reset, wait)
  answer[size + 1], answer[size + 2], answer[size + 3], answer[size + 4] = allowed and 1 or 0, remaining, reset, wait
  size = size + 4
end

local function decide_one(key, limit, window, cost)
  local a, b, c = read(key, window)
  local allowed, remaining, reset, wait = judge(a, b, c, limit, window, cost)
  if allowed then write(key, window, count(a, b, c, cost)) end
  tell(allowed, remaining, reset, wait)
end

local function decide_all(first, shapes)
  local counters, states, refused = {}, {}, false
  for i, shape in ipairs(shapes) do
    local key, limit, window, cost = names[first + i], shape[1], shape[2], shape[3]
    local counter = counters[key]
    if not counter then
      local a, b, c = read(key, window)
      counter = { a, b, c, a, b, c, window }
      counters[key] = counter
    end
    local a, b, c = counter[1], counter[2], counter[3]
    local allowed, remaining, reset, wait = judge(a, b, c, limit, window, cost)
    if allowed then
      counter[1], counter[2], counter[3] = count(a, b, c, cost)
    else
      refused = true
    end
    states[i] = { allowed, remaining, reset, wait }
  end
  if not refused then
    for key, counter in pairs(counters) do write(key, counter[7], counter[1], counter[2], counter[3]) end
  end
  for i, shape in ipairs(shapes) do
    local state = states[i]
    local allowed, remaining, reset = state[1], state[2], state[3]
    if refused and allowed then
      local counter = counters[names[first + i]]
      remaining, reset = peek(counter[4], counter[5], counter[6], shape[1], shape[2])
    end
    tell(allowed, remaining, reset, state[4])
  end
end

local function fail(problem, before, many)
  local message = type(problem) == 'table' and problem.err or tostring(problem)
  local code = match(message, '%f[%u](%u%u%u+)') or 'ERR'
  size = before + many * 4
  for i = before + 1, size do answer[i] = code end
end

local first, from, last = 0, 2, #args
while from <= last do
  local requests, many = tonumber(args[from]), tonumber(args[from + 1])
  local shapes = {}
  for i = 1, many do
    local at = from + i * 3
    shapes[i] = { tonumber(args[at - 1]), tonumber(args[at]), tonumber(args[at + 1]) }
  end
  local limit, window, cost = shapes[1][1], shapes[1][2], shapes[1][3]
  for _ = 1, requests do
    local before, fine, problem = size, nil, nil
    if many == 1 then
      fine, problem = pcall(decide_one, names[first + 1], limit, window, cost)
    else
      fine, problem = pcall(decide_all, first, shapes)
    end
    if not fine then fail(problem, before, many) end
    first = first + many
  end
  from = from + 2 + many * 3
end
return answer
`;

/** KEYS: the counters. ARGV: the clock, then window, cost and time of each. */
export const refundLua: string = `${clockLua}${windowLua}
for i, key in ipairs(KEYS) do
  local window, cost, at = tonumber(ARGV[i * 3 - 1]), tonumber(ARGV[i * 3]), tonumber(ARGV[i * 3 + 1])
  local a, b, c = read(key, window)
  write(key, window, give_back(a, b, c, window, cost, at))
end
`;
