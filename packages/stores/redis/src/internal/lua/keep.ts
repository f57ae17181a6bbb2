/** What scripts about counters begin with: the time, and what else they have in common. ARGV[1] is empty, and Redis's own time decides, except in tests. */
export const headLua = `
local call, safe_call, floor, ceil, max, tonumber = redis.call, redis.pcall, math.floor, math.ceil, math.max, tonumber
local struct_pack, struct_unpack = struct.pack, struct.unpack
local args, names = ARGV, KEYS
local now, spare = nil, 0
if args[1] == '' then
  local time = call('TIME')
  now = time[1] * 1000 + floor(time[2] / 1000)
else
  now, spare = floor(tonumber(args[1])), 60000
end
`;

/**
 * How a counter is written that was read as `before` and expires at `expires`: together with its expiry when it is new or has to be kept for longer, else in
 * place, which takes a third of the time and leaves the expiry as it is. There is no moment at which a key has none.
 */
export const keepLua = `
local function keep(key, before, expires, ends, window, encode, a, b, c)
  if not ends then
    if before then call('DEL', key) end
  elseif ends <= expires then
    local value = encode(expires, a, b, c)
    if value == before then return end
    if #value >= #before then
      call('SETRANGE', key, '0', value)
    else
      call('SET', key, value, 'PX', string.format('%.0f', max(1, expires - now) + spare))
    end
  else
    expires = max(ends, now + 1)
    -- It will have to be kept for longer again: in place, then.
    if before then expires = expires + floor(window / 2) end
    call('SET', key, encode(expires, a, b, c), 'PX', string.format('%.0f', expires - now + spare))
  end
end
`;
