import { countersLua } from './counters.js';

/** What is to be done with requests. */
export const toDo = { count: 0, inspect: 1 } as const;

/**
 * The requests of a batch, one after the other. Each is decided as a whole: all its limits count it or none, and a value that can't be read is that request's
 * error alone.
 *
 * KEYS: the counters of all requests. ARGV: the clock, what is to be done, then for each row of requests with the same
 * limits: how many they are, how many counters each has, and algorithm, limit, window, capacity and cost of each of these.
 * The answer is flat, since many small arrays take longer to read: the time, then two values for each counter: what remains, and the milliseconds until
 * more is back, or, where it has no room, -1 less the milliseconds until it has; of a request that failed, the code of its error and 0.
 */
export const consumeLua: string = `${countersLua}
local answer, size = { now }, 1
local inspecting = args[2] == '${toDo.inspect}'

-- As judge, while nothing is counted.
local function inspect(counter, shape)
  local a, b, c, limit, window, capacity = counter[4], counter[5], counter[6], shape.limit, shape.window, shape.capacity
  local used = shape.algorithm.used(a, b, c, limit, window, capacity)
  if used + shape.cost > capacity then
    local remaining, reset = shape.judge(a, b, c, limit, window, capacity, shape.cost)
    return remaining, reset
  end
  if used == 0 then return capacity, 0 end
  return capacity - used, shape.algorithm.wait(a, b, c, limit, window, capacity, used - 1)
end

local function inspect_all(first, shapes, many)
  for i = 1, many do
    local shape = shapes[i]
    local counter, code = open(names[first + i], shape)
    if counter then
      answer[size + 1], answer[size + 2] = inspect(counter, shape)
    else
      answer[size + 1], answer[size + 2] = code, 0
    end
    size = size + 2
  end
end

-- All counters are open, so nothing can fail any more.
local function decide_opened(opened, shapes, many, old)
  local refused = false
  for i = 1, many do
    local counter, shape = opened[i], shapes[i]
    if counter[3] ~= shape then open_again(counter, shape) end -- one key under two limits
    old[i * 3], old[i * 3 + 1], old[i * 3 + 2] = counter[4], counter[5], counter[6]
    local at = size + i * 2
    local remaining, reset
    remaining, reset, counter[4], counter[5], counter[6] = shape.judge(
      counter[4], counter[5], counter[6], shape.limit, shape.window, shape.capacity, shape.cost
    )
    answer[at - 1], answer[at] = remaining, reset
    if reset < 0 then refused = true end
  end
  if not refused then return end
  for i = many, 1, -1 do
    local counter = opened[i]
    counter[4], counter[5], counter[6] = old[i * 3], old[i * 3 + 1], old[i * 3 + 2]
  end
  for i = 1, many do
    local at = size + i * 2
    if answer[at] >= 0 then
      if opened[i][3] ~= shapes[i] then open_again(opened[i], shapes[i]) end
      answer[at - 1], answer[at] = inspect(opened[i], shapes[i])
    end
  end
end

local opened, old = {}, {} -- of the request under way

local function decide_all(first, shapes, many)
  local problem
  for i = 1, many do
    local counter, code = open(names[first + i], shapes[i])
    opened[i] = counter
    problem = problem or code
  end
  if problem then
    for i = 1, many do answer[size + i * 2 - 1], answer[size + i * 2] = problem, 0 end
  else
    decide_opened(opened, shapes, many, old)
  end
  size = size + many * 2
end

-- The requests of a row against one limit each.
local function decide_each(first, shape, requests)
  local judge, limit, window, capacity, cost = shape.judge, shape.limit, shape.window, shape.capacity, shape.cost
  for i = first + 1, first + requests do
    local counter, code = open(names[i], shape)
    if counter then
      answer[size + 1], answer[size + 2], counter[4], counter[5], counter[6] =
        judge(counter[4], counter[5], counter[6], limit, window, capacity, cost)
    else
      answer[size + 1], answer[size + 2] = code, 0
    end
    size = size + 2
  end
end

local first, from, last = 0, 3, #args
while from <= last do
  local requests, many = tonumber(args[from]), tonumber(args[from + 1])
  local shapes = {}
  for i = 1, many do shapes[i] = shape_at(from + i * 5 - 3) end
  if inspecting then
    for _ = 1, requests do
      inspect_all(first, shapes, many)
      first = first + many
    end
  elseif many > 1 then
    for _ = 1, requests do
      decide_all(first, shapes, many)
      first = first + many
    end
  else
    decide_each(first, shapes[1], requests)
    first = first + requests
  end
  from = from + 2 + many * 5
end
if not inspecting then save() end
return answer
`;
