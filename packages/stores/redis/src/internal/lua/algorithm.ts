import type { AlgorithmName } from '@secapi/rate-limit';

/**
 * An algorithm of `@secapi/rate-limit`, line for line, in Lua: the body of a function that gives a table of functions. Scripts build it when a
 * request first needs it.
 *
 * A counter's state is up to three values, here a, b and c: as values and not as a table, since that makes half of what a decision costs. `limit`,
 * `window` and `capacity` (how much fits at once) are those of the rule; the script's `now` is the time.
 * - `decode(value)`: the time until which the key was to be kept, and the state; nothing when the value is not one of its own
 * - `encode(expires, a, b, c)`: the value
 * - `empty()`: the state of a counter that has counted nothing
 * - `advance(a, b, c, limit, window, capacity)`: the state as it stands now. The others take one that was advanced
 * - `used(a, b, c, limit, window, capacity)`
 * - `wait(a, b, c, limit, window, capacity, most)`: until `most` at most is used
 * - `add(a, b, c, limit, window, capacity, cost)`: the state after that was counted
 * - `give_back(a, b, c, limit, window, capacity, cost, at)`: the state after that, counted at the time `at`, was given back
 * - `judge(a, b, c, limit, window, capacity, cost)`, where it has one of its own: what remains, what is to be told of the time, and the state after that
 * - `ends(a, b, c, limit, window)`: the time from which on the state says nothing; `nil` when it has counted nothing
 */
export interface LuaAlgorithm {
  readonly name: AlgorithmName;
  readonly lua: string;
}

/** A state that always has the same size, as it is stored: a byte that tells the algorithm, when the key expires, and whole numbers of `sizes` bytes. */
export function packedState(tag: number, sizes: readonly number[]): string {
  const format = `'>BI6${sizes.map((size) => `I${size}`).join('')}'`;
  const length = sizes.reduce((sum, size) => sum + size, 7);
  const state = ['a', 'b', 'c'].slice(0, sizes.length).join(', ');
  return `
  local function decode(value)
    if #value ~= ${length} then return nil end
    local tag, expires, ${state} = struct_unpack(${format}, value)
    if tag ~= ${tag} then return nil end
    return expires, ${state}
  end
  local function encode(expires, ${state})
    return struct_pack(${format}, ${tag}, expires, ${state})
  end`;
}
