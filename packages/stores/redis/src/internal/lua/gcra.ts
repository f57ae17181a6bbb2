import { type LuaAlgorithm, packedState } from './algorithm.js';

/** Its state: whole milliseconds of the theoretical arrival time, and the rest in parts of a millisecond of which `limit` are one. */
export const gcra: LuaAlgorithm = {
  name: 'gcra',
  lua: `${packedState(4, [6, 7])}
  local function debt(time, fraction, limit, window, capacity)
    local ahead = (time - now) * limit + math.min(fraction, limit - 1)
    return math.min(capacity * window, max(0, ahead))
  end
  local function arrival(limit, ahead)
    local whole = floor(ahead / limit)
    return now + whole, ahead - whole * limit
  end
  return {
    decode = decode,
    encode = encode,
    empty = function() return now, 0 end,
    advance = function(time, fraction, _, limit, window, capacity)
      return arrival(limit, debt(time, fraction, limit, window, capacity))
    end,
    used = function(time, fraction, _, limit, window, capacity)
      return ceil(debt(time, fraction, limit, window, capacity) / window)
    end,
    wait = function(time, fraction, _, limit, window, capacity, most)
      return max(0, ceil((debt(time, fraction, limit, window, capacity) - most * window) / limit))
    end,
    add = function(time, fraction, _, limit, window, capacity, cost)
      return arrival(limit, debt(time, fraction, limit, window, capacity) + cost * window)
    end,
    give_back = function(time, fraction, _, limit, window, capacity, cost, at)
      if (now - at) * limit >= capacity * window then return time, fraction end
      return arrival(limit, max(0, debt(time, fraction, limit, window, capacity) - cost * window))
    end,
    ends = function(time, fraction)
      if fraction > 0 then return time + 1 end
      if time > now then return time end
      return nil
    end,
  }`,
};
