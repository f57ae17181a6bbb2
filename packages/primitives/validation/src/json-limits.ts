import { checkNumber, checkOptions } from '@secapi/kernel';

/** Bounds of a JSON value, checked before any schema sees it (ASVS v5.0.0-15.2.2). */
export interface JsonLimits {
  /** How deep arrays and objects may stand in each other. @default 32 */
  readonly maxDepth?: number;
  /** How many values there may be in all: each object, array, text, number, `true`, `false` and `null`. @default 10,000 */
  readonly maxNodes?: number;
  /** How many members one object may have. @default 1,000 */
  readonly maxKeys?: number;
  /** How many items one array may have. @default 10,000 */
  readonly maxArrayLength?: number;
  /** How long one text or key may be, in UTF-16 code units. @default 1,000,000 */
  readonly maxStringLength?: number;
}

const defaults: Required<JsonLimits> = Object.freeze({
  maxDepth: 32,
  maxNodes: 10_000,
  maxKeys: 1_000,
  maxArrayLength: 10_000,
  maxStringLength: 1_000_000,
});

const resolved = new WeakMap<object, Required<JsonLimits>>();

/**
 * The limits with their defaults, checked. An object of limits is looked at once and remembered; later changes to it have no effect.
 *
 * @throws ConfigError when a limit is unknown, not a whole number or out of bounds
 */
export function jsonLimits(limits?: JsonLimits): Required<JsonLimits> {
  if (limits === undefined) return defaults;
  const known = resolved.get(limits);
  if (known) return known;
  checkOptions('limits', limits, Object.keys(defaults));
  const pick = (name: keyof JsonLimits, max: number): number =>
    checkNumber(`limits.${name}`, limits[name] ?? defaults[name], { min: 1, max });
  const checked = Object.freeze({
    maxDepth: pick('maxDepth', 512),
    maxNodes: pick('maxNodes', 10_000_000),
    maxKeys: pick('maxKeys', 1_000_000),
    maxArrayLength: pick('maxArrayLength', 10_000_000),
    maxStringLength: pick('maxStringLength', 536_870_888),
  });
  resolved.set(limits, checked);
  return checked;
}
