import { packedState } from './algorithm.js';

/**
 * The sliding window of `@secapi/rate-limit` as local functions of Lua, for the script of all algorithms and for the one that has this one alone.
 * Its state: when the window under way began, what was counted in the one before it, and in it.
 */
export const windowFunctions: string = `${packedState(1, [6, 7, 7])}
  local function weigh(previous, window, elapsed)
    if previous == 0 then return 0 end
    return floor(previous * (window - 1 - elapsed) / window)
  end
  local function elapsed_until(previous, window, most)
    if previous == 0 then return 0 end
    return max(0, window - ceil((most + 1) * window / previous))
  end
  local function wait_until(start, previous, current, window, most)
    local elapsed = now - start
    if current <= most then return max(0, elapsed_until(previous, window, most - current) - elapsed) end
    return window - elapsed + elapsed_until(current, window, most)
  end
  local function advance(start, previous, current, _, window)
    if now < start then return now, previous, current end
    if now - start >= 2 * window then return now, 0, 0 end
    if now - start >= window then
      start, previous, current = start + window, current, 0
    end
    if current == 0 and weigh(previous, window, now - start) == 0 then return now, 0, 0 end
    return start, previous, current
  end
  -- Used, wait and add in one, for speed: this is what most limits count by.
  local function judge(start, previous, current, limit, window, _, cost)
    local elapsed, weight = now - start, 0
    if previous > 0 then weight = floor(previous * (window - 1 - elapsed) / window) end
    local room = limit - current - weight - cost
    if room >= 0 then
      if weight == 0 then return room, window - elapsed, start, previous, current + cost end
      return room, max(0, window - ceil(weight * window / previous) - elapsed), start, previous, current + cost
    end
    local wait = window
    if cost <= limit then wait = wait_until(start, previous, current, window, limit - cost) end
    return max(0, room + cost), -1 - wait, start, previous, current
  end
  local function ends_at(start, previous, current, _, window)
    if current > 0 then return start + 2 * window - ceil(window / current) end
    if previous > 0 then return start + elapsed_until(previous, window, 0) end
    return nil
  end`;
