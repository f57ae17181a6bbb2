export { fromBase64Url, sha256, toBase64Url, toHex, utf8 } from './bytes.js';
export { type Clock, systemClock } from './clock.js';
export { constantTimeEqual } from './compare.js';
export { type Duration, type DurationBounds, toMilliseconds, toSeconds } from './duration.js';
export { ConfigError, type KernelErrorCode, SecapiError } from './errors.js';
export { checkNumber, checkOptions } from './options.js';
export { randomBytes, randomToken, uuidv7 } from './random.js';
export { type Size, toBytes } from './size.js';
export { isSafeUrl } from './url.js';
