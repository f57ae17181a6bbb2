export {
  type BreachCheck,
  type BreachCheckOptions,
  type BreachRange,
  type BreachVerdict,
  createBreachCheck,
} from './breach-check.js';
export { createHttpRange, type HttpRangeOptions } from './breach-range.js';
export type { CalibrateOptions, Calibration } from './calibrate.js';
export type { HashingErrorCode, PasswordRuleCode } from './errors.js';
export type { ForeignScheme } from './formats/stored-hash.js';
export type { PasswordHasherOptions } from './hasher-options.js';
export { calibrate, createPasswordHasher } from './native-hasher.js';
export type { PasswordHasher } from './password-hasher.js';
export {
  createPasswordRules,
  type PasswordRules,
  type PasswordRulesOptions,
  type PasswordVerdict,
} from './password-rules.js';
export type { Pepper } from './pepper.js';
export { type CheckedPasswordRules, withBreachCheck } from './with-breach-check.js';
