import { type CalibrateOptions, type Calibration, calibrateOn } from './calibrate.js';
import { nativeEngine } from './engines/native.js';
import type { PasswordHasherOptions } from './hasher-options.js';
import { type PasswordHasher, passwordHasherOn } from './password-hasher.js';

/**
 * A password hasher with Argon2id (RFC 9106, ASVS v5.0.0-11.4.2), bounded in concurrency and memory, which verifies the
 * hashes of other schemes until a login replaces them.
 *
 * @throws ConfigError when an option is unknown, out of bounds or weaker than OWASP's weakest advice
 */
export function createPasswordHasher(options: PasswordHasherOptions = {}): PasswordHasher {
  return passwordHasherOn(nativeEngine, options);
}

/**
 * Measures on this machine which parameters take the target time within the memory, never under OWASP's weakest advice.
 * Takes some ten to twenty times the target: for an operator, or once at start, not for each process under load.
 *
 * @throws ConfigError when an option is unknown or out of bounds
 * @throws SecapiError `HASHING_CLOCK_STOPPED`
 */
export function calibrate(options: CalibrateOptions): Promise<Calibration> {
  return calibrateOn(nativeEngine, options);
}
