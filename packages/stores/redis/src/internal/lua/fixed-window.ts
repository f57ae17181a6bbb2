import { type LuaAlgorithm, packedState } from './algorithm.js';

/** Its state: when the window began, and what was counted in it. */
export const fixedWindow: LuaAlgorithm = {
  name: 'fixed-window',
  lua: `${packedState(2, [6, 7])}
  return {
    decode = decode,
    encode = encode,
    empty = function() return now, 0 end,
    advance = function(start, count, _, _, window)
      if count == 0 or now - start >= window then return now, 0 end
      return math.min(start, now), count
    end,
    used = function(_, count) return count end,
    wait = function(start, count, _, _, window, _, most)
      if count <= most then return 0 end
      return start + window - now
    end,
    add = function(start, count, _, _, _, _, cost) return start, count + cost end,
    give_back = function(start, count, _, _, _, _, cost, at)
      if at < start then return start, count end
      return start, max(0, count - cost)
    end,
    ends = function(start, count, _, _, window)
      if count == 0 then return nil end
      return start + window
    end,
  }`,
};
