import { characters } from './characters.js';
import { meanings } from './meanings.js';

const known: readonly string[] = Object.values({ ...characters, ...meanings }).flat();
/** Long ones are not put together. */
const pieces: readonly string[] = known.filter(({ length }) => length < 500);

/** A generator of numbers below one (mulberry32), so that a seed gives the same strings again. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** So many hostile strings: the known ones first, then what chance makes of them and of any characters. */
export function hostileStrings(count: number, seed: number): readonly string[] {
  const random = randomOf(seed);
  const below = (end: number): number => Math.floor(random() * end);
  const pick = (): string => pieces[below(pieces.length)] ?? '';
  const anything = (): string => {
    const top = [0x80, 0x300, 0x3000, 0x10000, 0x110000][below(5)] ?? 0x80;
    return Array.from({ length: 1 + below(30) }, () => String.fromCodePoint(below(top))).join('');
  };
  function made(): string {
    const base = random() < 0.4 ? anything() : pick();
    const way = below(6);
    if (way === 0) return base + pick();
    if (way === 1) return pick() + base + pick();
    if (way === 2) return `honest ${base} text`;
    if (way === 3) return base.slice(0, 40).repeat(1 + below(60));
    if (way === 4)
      return base.slice(0, below(base.length + 1)) + anything() + base.slice(below(base.length + 1));
    return base.toUpperCase();
  }
  return Array.from({ length: count }, (_, i) => known[i] ?? made());
}

/** How many strings are known by themselves. */
export const knownCount: number = known.length;
