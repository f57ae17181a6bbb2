import { linesLua } from './lines.js';

/*
 * Three sorts of keys, all in one slot:
 * - `t:<token>` -> the family's name; of every token, used or not, until the family can't live any more
 * - `f:<family>` -> the record, a field a line; of its chain of tokens only the unused one and the one before it, which is all that the rules ask
 * - `s:<subject>` -> the names of its families, one a line, the one used last at the end
 *
 * Scripts read everything before they write anything: an error half-way through would leave the writes before it.
 */

/** The fields of a family's record. */
export const familyFields: readonly string[] = [
  'id', // JSON
  'subject', // JSON
  'device', // JSON
  'createdAt',
  'lastUsedAt',
  'expiresAt',
  'absoluteExpiresAt',
  'revokedAt', // or empty
  'subjectName',
  'unused', // the name of its unused token
  'used', // the name of the token that this one came from, or empty: of all used ones it alone has an unused successor
  'usedAt',
  'salt', // JSON
  'tokens', // how many there were
];

const prelude = `${linesLua}
local ${familyFields.map((name) => `f_${name}`).join(', ')} = ${familyFields.map((_, i) => i + 1).join(', ')}

local function family_of(value)
  return fields_of(value, ${familyFields.length})
end

local function lives(family, now)
  return family[f_revokedAt] == '' and now < tonumber(family[f_expiresAt])
end

local function end_family(key, family, now)
  family[f_revokedAt] = now
  local value = lines_of(family)
  redis.call('SET', key, value, 'PX', keep(0))
  return value
end
`;

/** KEYS: token, family, subject. ARGV: the family's record, now, most families of a subject. */
export const createLua: string = String.raw`${prelude}
if redis.call('EXISTS', KEYS[1]) + redis.call('EXISTS', KEYS[2]) > 0 then return 'conflict' end
local name, value, now, most = name_in(KEYS[2]), ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local family = family_of(value)
local living = {}
for _, other in ipairs(names_in(KEYS[3])) do
  local found = redis.call('GET', key_of('f', other))
  if found and lives(family_of(found), now) then living[#living + 1] = other end
end
while #living >= most do redis.call('DEL', key_of('f', table.remove(living, 1))) end
living[#living + 1] = name
local left = tonumber(family[f_expiresAt]) - now
redis.call('SET', KEYS[1], name, 'PX', keep(tonumber(family[f_absoluteExpiresAt]) - now))
redis.call('SET', KEYS[2], value, 'PX', keep(left))
redis.call('SET', KEYS[3], table.concat(living, '\n'), 'PX', keep_longer(KEYS[3], left))
return 'created'
`;

/** KEYS: token, next token. ARGV: salt, now, grace, idle, device or empty, most tokens. */
export const rotateLua: string = String.raw`${prelude}
local name = redis.call('GET', KEYS[1])
local key = key_of('f', name or '')
local value = name and redis.call('GET', key)
if not value then return { 'unknown' } end
local family, now = family_of(value), tonumber(ARGV[2])
if family[f_revokedAt] ~= '' then return { 'revoked', value } end
if now >= tonumber(family[f_expiresAt]) then return { 'expired', value } end
if tonumber(family[f_tokens]) >= tonumber(ARGV[6]) then
  family[f_expiresAt] = ARGV[2]
  value = lines_of(family)
  redis.call('SET', key, value, 'PX', keep(0))
  return { 'expired', value }
end
if family[f_unused] == name_in(KEYS[1]) then
  if redis.call('EXISTS', KEYS[2]) == 1 then return { 'conflict' } end
  local subject = key_of('s', family[f_subjectName])
  local names = {}
  for _, other in ipairs(names_in(subject)) do
    if other ~= name then names[#names + 1] = other end
  end
  names[#names + 1] = name
  local absolute = tonumber(family[f_absoluteExpiresAt])
  local expires = math.min(now + tonumber(ARGV[4]), absolute)
  family[f_lastUsedAt] = ARGV[2]
  family[f_expiresAt] = string.format('%.17g', expires)
  if ARGV[5] ~= '' then family[f_device] = ARGV[5] end
  family[f_unused], family[f_used], family[f_usedAt], family[f_salt] = name_in(KEYS[2]), name_in(KEYS[1]), ARGV[2], ARGV[1]
  family[f_tokens] = string.format('%.0f', tonumber(family[f_tokens]) + 1)
  value = lines_of(family)
  redis.call('SET', KEYS[2], name, 'PX', keep(absolute - now))
  redis.call('SET', key, value, 'PX', keep(expires - now))
  redis.call('SET', subject, table.concat(names, '\n'), 'PX', keep_longer(subject, expires - now))
  return { 'rotated', value }
end
if family[f_used] == name_in(KEYS[1]) and now - tonumber(family[f_usedAt]) <= tonumber(ARGV[3]) then
  return { 'raced', value, family[f_salt] }
end
return { 'reused', end_family(key, family, ARGV[2]) }
`;

/** KEYS: token. */
export const peekLua: string = `${prelude}
local name = redis.call('GET', KEYS[1])
local value = name and redis.call('GET', key_of('f', name))
if not value then return false end
return { family_of(value)[f_unused] == name_in(KEYS[1]) and 0 or 1, value }
`;

/** KEYS: subject. */
export const listLua: string = `${prelude}
local values = {}
for _, name in ipairs(names_in(KEYS[1])) do
  values[#values + 1] = redis.call('GET', key_of('f', name)) or nil
end
return values
`;

/** KEYS: family. ARGV: now, the subject in JSON or empty. */
export const revokeLua: string = `${prelude}
local value = redis.call('GET', KEYS[1])
if not value then return 0 end
local family = family_of(value)
if not lives(family, tonumber(ARGV[1])) or (ARGV[2] ~= '' and ARGV[2] ~= family[f_subject]) then return 0 end
end_family(KEYS[1], family, ARGV[1])
return 1
`;

/** KEYS: subject. ARGV: now, the name of the family that stays or empty. */
export const revokeAllLua: string = `${prelude}
local living, ids = {}, {}
for _, name in ipairs(names_in(KEYS[1])) do
  local value = name ~= ARGV[2] and redis.call('GET', key_of('f', name))
  local family = value and family_of(value)
  if family and lives(family, tonumber(ARGV[1])) then living[key_of('f', name)] = family end
end
for key, family in pairs(living) do
  end_family(key, family, ARGV[1])
  ids[#ids + 1] = family[f_id]
end
return ids
`;
