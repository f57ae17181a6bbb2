import { type LuaAlgorithm, packedState } from './algorithm.js';

/** Its state: a time, and what was missing then, in parts of a token of which `window` are one. */
export const tokenBucket: LuaAlgorithm = {
  name: 'token-bucket',
  lua: `${packedState(3, [6, 7])}
  return {
    decode = decode,
    encode = encode,
    empty = function() return now, 0 end,
    advance = function(time, missing, _, limit, window, capacity)
      if now - time >= window then return now, 0 end
      local gained = max(0, now - time) * limit
      return now, math.min(capacity * window, max(0, missing - gained))
    end,
    used = function(_, missing, _, _, window) return ceil(missing / window) end,
    wait = function(_, missing, _, limit, window, _, most) return max(0, ceil((missing - most * window) / limit)) end,
    add = function(time, missing, _, _, window, _, cost) return time, missing + cost * window end,
    give_back = function(time, missing, _, limit, window, capacity, cost, at)
      if (now - at) * limit >= capacity * window then return time, missing end
      return time, max(0, missing - cost * window)
    end,
    ends = function(time, missing, _, limit, window)
      if missing == 0 then return nil end
      return time + math.min(window, ceil(missing / limit))
    end,
  }`,
};
