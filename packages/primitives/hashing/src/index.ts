export type { HashingErrorCode, PasswordRuleCode } from './errors.js';
export { createPasswordHasher, type PasswordHasher, type PasswordHasherOptions } from './password-hasher.js';
export { createPasswordRules, type PasswordRules, type PasswordRulesOptions } from './password-rules.js';
export type { Pepper } from './pepper.js';
