import { type LuaAlgorithm, packedState } from './algorithm.js';

/** Its state: when the window under way began, what was counted in the one before it, and in it. */
export const slidingWindow: LuaAlgorithm = {
  name: 'sliding-window',
  lua: `${packedState(1, [6, 7, 7])}
  local function weigh(previous, window, elapsed)
    if previous == 0 then return 0 end
    return floor(previous * (window - 1 - elapsed) / window)
  end
  local function elapsed_until(previous, window, most)
    if previous == 0 then return 0 end
    return max(0, window - ceil((most + 1) * window / previous))
  end
  return {
    decode = decode,
    encode = encode,
    empty = function() return now, 0, 0 end,
    advance = function(start, previous, current, _, window)
      if now < start then return now, previous, current end
      if now - start >= 2 * window then return now, 0, 0 end
      if now - start >= window then
        start, previous, current = start + window, current, 0
      end
      if current == 0 and weigh(previous, window, now - start) == 0 then return now, 0, 0 end
      return start, previous, current
    end,
    used = function(start, previous, current, _, window)
      return current + weigh(previous, window, now - start)
    end,
    wait = function(start, previous, current, _, window, _, most)
      local elapsed = now - start
      if current <= most then return max(0, elapsed_until(previous, window, most - current) - elapsed) end
      return window - elapsed + elapsed_until(current, window, most)
    end,
    add = function(start, previous, current, _, _, _, cost) return start, previous, current + cost end,
    give_back = function(start, previous, current, _, window, _, cost, at)
      if at >= start then return start, previous, max(0, current - cost) end
      if at >= start - window then return start, max(0, previous - cost), current end
      return start, previous, current
    end,
    ends = function(start, previous, current, _, window)
      if current > 0 then return start + window + elapsed_until(current, window, 0) end
      if previous > 0 then return start + elapsed_until(previous, window, 0) end
      return nil
    end,
  }`,
};
