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
  local counter, code = open(key, shape)
  if counter then
    counter[4], counter[5], counter[6] = shape.algorithm.give_back(
      counter[4], counter[5], counter[6], shape.limit, shape.window, shape.capacity, shape.cost, at
    )
  end
  answer[i] = code or 0
end
save()
return answer
`;
