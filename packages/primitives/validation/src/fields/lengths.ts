import { checkNumber, checkOptions } from '@secapi/kernel';

/** Bounds of a text's length. */
export interface LengthBounds {
  readonly min?: number;
  readonly max?: number;
}

/** The bounds of a field with its own defaults, checked. */
export function lengths(
  option: string,
  bounds: LengthBounds,
  defaults: Required<LengthBounds>,
): Required<LengthBounds> {
  checkOptions(option, bounds, ['min', 'max']);
  const max = checkNumber(`${option}.max`, bounds.max ?? defaults.max, { min: 1, max: 1_000_000 });
  return { min: checkNumber(`${option}.min`, bounds.min ?? defaults.min, { min: 0, max }), max };
}
