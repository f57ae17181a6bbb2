/** A range of numbers, or of texts of one length; both ends are in it. */
export interface Interval<T extends number | string> {
  readonly start: T;
  readonly end: T;
}

/** Compiles ranges to a test by halving, so that thousands of them cost no more than a handful. */
export function compileIntervals<T extends number | string>(
  intervals: readonly Interval<T>[],
): (value: T) => boolean {
  const starts: T[] = [];
  const ends: T[] = [];
  for (const { start, end } of [...intervals].sort((a, b) =>
    a.start < b.start ? -1 : a.start > b.start ? 1 : 0,
  )) {
    const last = ends.at(-1);
    if (last === undefined || start > last) {
      starts.push(start);
      ends.push(end);
    } else if (end > last) ends[ends.length - 1] = end;
  }

  return function isIn(value: T): boolean {
    let low = 0;
    let high = starts.length; // the first range that starts after the value is in low..high
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((starts[middle] as T) <= value)
        low = middle + 1; // middle is less than the length
      else high = middle;
    }
    const end = ends[low - 1];
    return end !== undefined && value <= end;
  };
}
