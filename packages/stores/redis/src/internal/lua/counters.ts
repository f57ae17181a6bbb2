import type { AlgorithmName } from '@secapi/rate-limit';
import type { LuaAlgorithm } from './algorithm.js';
import { fixedWindow } from './fixed-window.js';
import { gcra } from './gcra.js';
import { headLua, keepLua } from './keep.js';
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
 * What scripts about counters of any algorithm begin with.
 *
 * Each key is read once and written once, at the end, whatever number of requests of the batch count on it:
 * - `open(key, shape)`: the counter, as an array of what is stored, when that expires, shape, and the three values of its state now; `nil` and a
 *   code when it is not one of its algorithm
 * - `save()`: writes what is new
 *
 * What is no counter of ours never counts as an empty one: the request fails, and the value gets an expiry, so that it can't fail for ever.
 */
export const countersLua: string = `${headLua}${keepLua}
local function make(number)
${algorithms.map(({ lua }, i) => `if number == ${i + 1} then${lua}\nend`).join('\n')}
end
local made = {}

local function judge_by(algorithm)
  local used_of, wait_of, add = algorithm.used, algorithm.wait, algorithm.add
  return function(a, b, c, limit, window, capacity, cost)
    local used = used_of(a, b, c, limit, window, capacity)
    if used + cost <= capacity then
      a, b, c = add(a, b, c, limit, window, capacity, cost)
      return capacity - used - cost, wait_of(a, b, c, limit, window, capacity, used + cost - 1), a, b, c
    end
    local wait = window
    if cost <= capacity then wait = wait_of(a, b, c, limit, window, capacity, capacity - cost) end
    return max(0, capacity - used), -1 - wait, a, b, c
  end
end

local function algorithm_of(number)
  local algorithm = made[number]
  if not algorithm then
    algorithm = make(number)
    if not algorithm.judge then algorithm.judge = judge_by(algorithm) end
    made[number] = algorithm
  end
  return algorithm
end

-- Five arguments from there on.
local function shape_at(place)
  local algorithm = algorithm_of(tonumber(args[place]))
  return {
    algorithm = algorithm,
    judge = algorithm.judge,
    limit = tonumber(args[place + 1]),
    window = tonumber(args[place + 2]),
    capacity = tonumber(args[place + 3]),
    cost = tonumber(args[place + 4]),
  }
end

local counters = {}

local function refuse(key, window, code)
  local left = safe_call('PTTL', key)
  if type(left) == 'number' and (left < 0 or left > window) then
    safe_call('PEXPIRE', key, string.format('%.0f', window + spare))
  end
  return nil, code
end

local function open_again(counter, shape)
  local algorithm = shape.algorithm
  if counter[3].algorithm ~= algorithm then return nil, 'UNREADABLE' end
  counter[3] = shape
  counter[4], counter[5], counter[6] =
    algorithm.advance(counter[4], counter[5], counter[6], shape.limit, shape.window, shape.capacity)
  return counter
end

-- What is stored, when that expires, and the state now; nil and a code.
local function decoded(key, shape, value)
  local algorithm = shape.algorithm
  if not value then return value, 0, algorithm.empty() end
  if type(value) == 'table' then
    return refuse(key, shape.window, string.match(value.err, '^%-?(%u%u%u*)') or 'ERR')
  end
  local expires, a, b, c = algorithm.decode(value)
  if not expires then return refuse(key, shape.window, 'UNREADABLE') end
  return value, expires, algorithm.advance(a, b, c, shape.limit, shape.window, shape.capacity)
end

local function write(key, before, expires, shape, a, b, c)
  local algorithm = shape.algorithm
  keep(key, before, expires, algorithm.ends(a, b, c, shape.limit, shape.window), shape.window, algorithm.encode, a, b, c)
end

local function open(key, shape)
  local counter = counters[key]
  if counter then
    if counter[3] == shape then return counter end
    return open_again(counter, shape)
  end
  local value, expires, a, b, c = decoded(key, shape, safe_call('GET', key))
  if value == nil then return nil, expires end
  counter = { value, expires, shape, a, b, c }
  counters[key] = counter
  return counter
end

local function save()
  for key, counter in pairs(counters) do
    write(key, counter[1], counter[2], counter[3], counter[4], counter[5], counter[6])
  end
end
`;
