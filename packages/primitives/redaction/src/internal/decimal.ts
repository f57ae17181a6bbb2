// `.5`, `.25`, `.001`: what stands behind the point, by thousandths.
const fractions = Array.from({ length: 1_000 }, (_, i) => String(i / 1_000).slice(1));

/**
 * A finite number as JSON has it. Those with three decimals at most, as most times and amounts are, are put together: the engine's own way takes
 * twice as long where it hasn't written the same number just before.
 */
export function decimal(value: number): string {
  const thousandths = Math.round(value * 1_000);
  if (thousandths < 0 || thousandths > 2_147_483_647 || thousandths / 1_000 !== value) return `${value}`;
  const whole = (thousandths / 1_000) | 0;
  return `${whole}${fractions[thousandths - whole * 1_000]}`;
}
