import { countersLua } from './counters.js';

/**
 * The requests of a batch, one after the other. Each is decided as a whole: all its limits count it or none, and a value that can't be read is that request's
 * error alone.
 *
 * KEYS: the counters of all requests. ARGV: the clock, whether they are only inspected (1 or 0), then for each row of requests with the same
 * limits: how many they are, how many counters each has, and algorithm, limit, window, capacity and cost of each of these.
 * The answer is flat, since many small arrays take longer to read: the time, then two values for each counter: what remains, and the milliseconds until
 * more is back, or, where it has no room, -1 less the milliseconds until it has; of a request that failed, the code of its error and 0.
 */
export const consumeLua: string = `${countersLua}
local answer, size = { now }, 1
local inspecting = args[2] == '1'

local function tell(remaining, reset)
  answer[size + 1], answer[size + 2] = remaining, reset
  size = size + 2
end

-- The state as it stands, and how much is used.
local function look(key, shape)
  local expires, a, b, c = load(key, shape)
  if not expires then return nil, a end
  return expires, a, b, c, shape.algorithm.used(a, b, c, shape.limit, shape.window, shape.capacity)
end

local function wait(shape, a, b, c, most)
  return shape.algorithm.wait(a, b, c, shape.limit, shape.window, shape.capacity, most)
end

local function wait_for(shape, a, b, c)
  if shape.cost > shape.capacity then return shape.window end
  return wait(shape, a, b, c, shape.capacity - shape.cost)
end

-- Counts one request against one counter if it has room: what remains and what is to be told of the time, or the code of an error.
local function decide(key, shape)
  local expires, a, b, c, used = look(key, shape)
  if not expires then return nil, a end
  local capacity, cost = shape.capacity, shape.cost
  if used + cost > capacity then
    keep(key, shape, expires, a, b, c)
    return max(0, capacity - used), -1 - wait_for(shape, a, b, c)
  end
  a, b, c = shape.algorithm.add(a, b, c, shape.limit, shape.window, capacity, cost)
  keep(key, shape, expires, a, b, c)
  return capacity - used - cost, wait(shape, a, b, c, used + cost - 1)
end

-- The same while nothing is counted; of one that was refused elsewhere, what stands is kept.
local function inspect(key, shape, keeping)
  local expires, a, b, c, used = look(key, shape)
  if not expires then return nil, a end
  if keeping then keep(key, shape, expires, a, b, c) end
  local remaining = max(0, shape.capacity - used)
  if used + shape.cost > shape.capacity then return remaining, -1 - wait_for(shape, a, b, c) end
  if used == 0 then return remaining, 0 end
  return remaining, wait(shape, a, b, c, used - 1)
end

local function inspect_all(first, shapes)
  for i, shape in ipairs(shapes) do
    local remaining, reset = inspect(names[first + i], shape, false)
    if remaining then tell(remaining, reset) else tell(reset, 0) end
  end
end

local function decide_all(first, shapes)
  local remains, resets, before, expiries, refused, problem = {}, {}, {}, {}, false, nil
  local done = 0
  for i, shape in ipairs(shapes) do
    local key = names[first + i]
    before[i], expiries[i] = fetch(key, shape), changed[key]
    local remaining, reset = decide(key, shape)
    if not remaining then
      problem = reset
      break
    end
    done = i
    remains[i], resets[i] = remaining, reset
    if reset < 0 then refused = true end
  end
  if refused or problem then
    for i = done, 1, -1 do
      local key = names[first + i]
      values[key], changed[key] = before[i], expiries[i]
    end
  end
  for i, shape in ipairs(shapes) do
    if problem then
      tell(problem, 0)
    else
      local remaining, reset = remains[i], resets[i]
      if refused then
        local then_remaining, then_reset = inspect(names[first + i], shape, true)
        if reset >= 0 then remaining, reset = then_remaining, then_reset end
      end
      tell(remaining, reset)
    end
  end
end

local first, from, last = 0, 3, #args
while from <= last do
  local requests, many = tonumber(args[from]), tonumber(args[from + 1])
  local shapes = {}
  for i = 1, many do shapes[i] = shape_at(from + i * 5 - 3) end
  for _ = 1, requests do
    if inspecting then
      inspect_all(first, shapes)
    elseif many == 1 then
      local remaining, reset = decide(names[first + 1], shapes[1])
      if remaining then tell(remaining, reset) else tell(reset, 0) end
    else
      decide_all(first, shapes)
    end
    first = first + many
  end
  from = from + 2 + many * 5
end
save()
return answer
`;
