import type { AlgorithmName } from '@secapi/rate-limit';
import type { LuaAlgorithm } from './algorithm.js';
import { fixedWindow } from './fixed-window.js';
import { gcra } from './gcra.js';
import { concurrency, slidingLog } from './sliding-log.js';
import { slidingWindow } from './sliding-window.js';
import { tokenBucket } from './token-bucket.js';

const algorithms: readonly LuaAlgorithm[] = [
  slidingWindow,
  fixedWindow,
  slidingLog,
  tokenBucket,
  gcra,
  concurrency,
];

/** The algorithms that the scripts have. */
export const algorithmNames: readonly AlgorithmName[] = algorithms.map(({ name }) => name);

/** What a script knows an algorithm by. */
export function numberOf(algorithm: AlgorithmName = 'sliding-window'): number {
  return algorithmNames.indexOf(algorithm) + 1;
}

/**
 * What scripts about counters begin with. ARGV[1] is empty, and Redis's own time decides, except in tests.
 *
 * Each key is read once and written once, at the end, whatever number of requests of the batch count on it:
 * - `fetch(key, shape)`: the value as it stands, false when there is none
 * - `load(key, shape)`: when the key was to expire, and the counter's state now; `nil` and a code when it is not one of its algorithm
 * - `keep(key, shape, expires, a, b, c)`: takes the state up, if it says something new
 * - `save()`: writes
 *
 * A new counter is written together with its expiry, and so is one that has to be kept for longer. One whose key lasts long enough is written in place,
 * which takes a third of the time and leaves the expiry as it is: there is no moment at which a key has none.
 *
 * What is no counter of ours never counts as an empty one: the request fails, and the value gets an expiry, so that it can't fail for ever.
 */
export const countersLua: string = `
local call, safe_call, floor, ceil, max, min = redis.call, redis.pcall, math.floor, math.ceil, math.max, math.min
local sub, format, match, concat, tonumber = string.sub, string.format, string.match, table.concat, tonumber
local struct_pack, struct_unpack = struct.pack, struct.unpack
local args, names = ARGV, KEYS
local now, spare = nil, 0
if args[1] == '' then
  local time = call('TIME')
  now = time[1] * 1000 + floor(time[2] / 1000)
else
  now, spare = floor(tonumber(args[1])), 60000
end

local makers = {
${algorithms.map(({ lua }) => `function()${lua}\nend`).join(',\n')}
}
local made = {}

local function algorithm_of(number)
  local algorithm = made[number]
  if not algorithm then
    algorithm = makers[number]()
    made[number] = algorithm
  end
  return algorithm
end

-- Five arguments from there on.
local function shape_at(place)
  return {
    algorithm = algorithm_of(tonumber(args[place])),
    limit = tonumber(args[place + 1]),
    window = tonumber(args[place + 2]),
    capacity = tonumber(args[place + 3]),
    cost = tonumber(args[place + 4]),
  }
end

local values, changed = {}, {} -- of a changed key: when it expires, or false when it is written in place

local function refuse(key, window, code)
  local left = safe_call('PTTL', key)
  if type(left) == 'number' and (left < 0 or left > window) then
    safe_call('PEXPIRE', key, format('%.0f', window + spare))
  end
  return nil, code
end

local function fetch(key, shape)
  local value = values[key]
  if value ~= nil then return value end
  value = safe_call('GET', key)
  if type(value) == 'table' then
    return refuse(key, shape.window, match(value.err, '^%-?(%u%u%u*)') or 'ERR')
  end
  values[key] = value
  return value
end

local function load(key, shape)
  local value, code = fetch(key, shape)
  if value == nil then return nil, code end
  local algorithm = shape.algorithm
  if not value then return 0, algorithm.empty() end
  local expires, a, b, c = algorithm.decode(value)
  if not expires then return refuse(key, shape.window, 'UNREADABLE') end
  return expires, algorithm.advance(a, b, c, shape.limit, shape.window, shape.capacity)
end

local function keep(key, shape, expires, a, b, c)
  local before = values[key]
  local ends = shape.algorithm.ends(a, b, c, shape.limit, shape.window)
  if not ends then
    if before then values[key], changed[key] = false, 0 end
    return
  end
  local longer = ends > expires
  if longer then
    expires = max(ends, now + 1)
    -- It will soon have to be kept for longer again: then it is the second write in place.
    if before then expires = expires + floor(shape.window / 2) end
  end
  local value = shape.algorithm.encode(expires, a, b, c)
  if value == before then return end
  values[key] = value
  if longer or not before or #value < #before then
    changed[key] = expires
  elseif changed[key] == nil then
    changed[key] = false
  end
end

local function save()
  for key, expires in pairs(changed) do
    local value = values[key]
    if not value then
      call('DEL', key)
    elseif expires then
      call('SET', key, value, 'PX', format('%.0f', expires - now + spare))
    else
      call('SETRANGE', key, '0', value)
    end
  end
end
`;
