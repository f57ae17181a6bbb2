import type { LuaAlgorithm } from './algorithm.js';

/*
 * Its state: the entries, oldest first, as one string of a time and a cost each, and the sum of the costs. So a decision costs what it looks at, and not
 * what the log holds: some entries at its ends.
 */

const header = '>BI6I6';
const entry = '>I6I6';
const headerBytes = 13;
const entryBytes = 12;

function logLua(tag: number): string {
  return `
  local function at_place(entries, place)
    return struct_unpack('${entry}', entries, place)
  end
  local function newest(entries)
    return at_place(entries, #entries - ${entryBytes - 1})
  end
  local function replace(entries, place, entry)
    return string.sub(entries, 1, place - 1) .. entry .. string.sub(entries, place + ${entryBytes})
  end
  -- A clock that was set back: what lies in the future counts from now on.
  local function pull_back(entries)
    local kept, place = {}, #entries - ${entryBytes - 1}
    while place > 0 do
      local time, cost = at_place(entries, place)
      if time <= now then break end
      kept[#kept + 1] = cost
      place = place - ${entryBytes}
    end
    local parts = { string.sub(entries, 1, place + ${entryBytes - 1}) }
    for i = #kept, 1, -1 do parts[#parts + 1] = struct_pack('${entry}', now, kept[i]) end
    return table.concat(parts)
  end
  return {
    decode = function(value)
      if #value < ${headerBytes + entryBytes} or (#value - ${headerBytes}) % ${entryBytes} ~= 0 then return nil end
      local tag, expires, total = struct_unpack('${header}', value)
      if tag ~= ${tag} then return nil end
      return expires, string.sub(value, ${headerBytes + 1}), total
    end,
    encode = function(expires, entries, total)
      return struct_pack('${header}', ${tag}, expires, total) .. entries
    end,
    empty = function() return '', 0 end,
    advance = function(entries, total, _, _, window)
      local size, place = #entries, 1
      while place <= size do
        local time, cost = at_place(entries, place)
        if now - time < window then break end
        total = total - cost
        place = place + ${entryBytes}
      end
      if place > size then return '', 0 end
      if place > 1 then entries = string.sub(entries, place) end
      if newest(entries) > now then entries = pull_back(entries) end
      return entries, total
    end,
    used = function(_, total) return total end,
    wait = function(entries, total, _, _, window, _, most)
      if total <= most or entries == '' then return 0 end
      local size, place, last = #entries, 1, now
      while place <= size and total > most do
        local time, cost = at_place(entries, place)
        total, last = total - cost, time
        place = place + ${entryBytes}
      end
      return last + window - now
    end,
    add = function(entries, total, _, _, _, _, cost)
      if entries ~= '' then
        local time, before = newest(entries)
        if time == now then
          return replace(entries, #entries - ${entryBytes - 1}, struct_pack('${entry}', now, before + cost)), total + cost
        end
      end
      return entries .. struct_pack('${entry}', now, cost), total + cost
    end,
    give_back = function(entries, total, _, _, window, _, cost, at)
      if entries == '' or now - at >= window then return entries, total end
      -- The first entry that is no older than that, the last of its time, or else the last of all.
      local low, high = 0, #entries / ${entryBytes} - 1
      while low < high do
        local middle = floor((low + high) / 2)
        if at_place(entries, middle * ${entryBytes} + 1) >= at then high = middle else low = middle + 1 end
      end
      local place = low * ${entryBytes} + 1
      local time, before = at_place(entries, place)
      while place + ${entryBytes} <= #entries do
        local next_time, next_cost = at_place(entries, place + ${entryBytes})
        if next_time ~= time then break end
        place, before = place + ${entryBytes}, next_cost
      end
      if before > cost then return replace(entries, place, struct_pack('${entry}', time, before - cost)), total - cost end
      return replace(entries, place, ''), total - before
    end,
    ends = function(entries, _, _, _, window)
      if entries == '' then return nil end
      return newest(entries) + window
    end,
  }`;
}

export const slidingLog: LuaAlgorithm = { name: 'sliding-log', lua: logLua(5) };

/** Leases are a log of their own: a refund ends one. */
export const concurrency: LuaAlgorithm = { name: 'concurrency', lua: logLua(6) };
