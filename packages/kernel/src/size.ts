import { ConfigError } from './errors.js';

/** A number of bytes, or a text such as `'100kb'` or `'2mb'` (1 kb is 1,024 bytes). */
export type Size = number | `${number}${'b' | 'kb' | 'mb'}`;

const unit = { b: 1, kb: 1_024, mb: 1_048_576 } as const;
const gigabyte = 1_073_741_824;

/**
 * A size as bytes.
 *
 * @throws ConfigError when it is not a whole number of bytes from 0 to 1 GiB
 */
export function toBytes(option: string, size: Size): number {
  const match = typeof size === 'string' ? /^(\d{1,10})(b|kb|mb)$/.exec(size) : null;
  const bytes = match ? Number(match[1]) * unit[match[2] as keyof typeof unit] : size;
  if (typeof bytes !== 'number' || !Number.isInteger(bytes) || bytes < 0 || bytes > gigabyte) {
    throw new ConfigError(option, 'is not a size', "use bytes as a whole number, or a text like '100kb'");
  }
  return bytes;
}
