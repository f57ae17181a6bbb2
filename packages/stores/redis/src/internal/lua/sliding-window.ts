import type { LuaAlgorithm } from './algorithm.js';
import { windowFunctions } from './window-functions.js';

/** Its state: when the window under way began, what was counted in the one before it, and in it. */
export const slidingWindow: LuaAlgorithm = {
  name: 'sliding-window',
  lua: `${windowFunctions}
  return {
    decode = decode,
    encode = encode,
    empty = function() return now, 0, 0 end,
    advance = advance,
    judge = judge,
    used = function(start, previous, current, _, window)
      return current + weigh(previous, window, now - start)
    end,
    wait = function(start, previous, current, _, window, _, most)
      return wait_until(start, previous, current, window, most)
    end,
    give_back = function(start, previous, current, _, window, _, cost, at)
      if at >= start then return start, previous, max(0, current - cost) end
      if at >= start - window then return start, max(0, previous - cost), current end
      return start, previous, current
    end,
    ends = ends_at,
  }`,
};
