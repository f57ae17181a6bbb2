export type { HtmlRefusal, SanitizeErrorCode } from './errors.js';
export { createSanitizer, type SanitizeResult, type Sanitizer, type SanitizerOptions } from './sanitizer.js';
