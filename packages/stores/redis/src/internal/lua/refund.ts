import { countersLua } from './counters.js';

/**
 * What is given back, each by itself.
 *
 * KEYS: the counters. ARGV: the clock, then algorithm, limit, window, capacity and cost of each, and the time at which it was counted.
 * The answer: for each counter 0, or the code of its error.
 */
export const refundLua: string = `${countersLua}
local answer = {}
for i, key in ipairs(names) do
  local shape, at = shape_at(i * 6 - 4), tonumber(args[i * 6 + 1])
  local expires, a, b, c = load(key, shape)
  if expires then
    a, b, c = shape.algorithm.give_back(a, b, c, shape.limit, shape.window, shape.capacity, shape.cost, at)
    keep(key, shape, expires, a, b, c)
    answer[i] = 0
  else
    answer[i] = a
  end
end
save()
return answer
`;
