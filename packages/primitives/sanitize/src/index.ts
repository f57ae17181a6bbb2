export type { HtmlRefusal, SanitizeErrorCode } from './errors.js';
export type { LinkOptions, Rewrite } from './link-options.js';
export { createSanitizerPool, type SanitizerPool, type SanitizerPoolOptions } from './pool.js';
export type { SanitizerPreset } from './presets.js';
export type { SanitizeResult } from './rules.js';
export { createSanitizer, type Sanitizer, type SanitizerOptions } from './sanitizer.js';
