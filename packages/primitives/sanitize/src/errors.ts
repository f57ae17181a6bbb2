/** Why a text is not sanitized but refused. */
export type HtmlRefusal = 'HTML_TOO_LARGE' | 'HTML_TOO_DEEP' | 'HTML_UNSTABLE';

/** What can be wrong with the engine or its use. */
export type SanitizeErrorCode = 'SANITIZER_OUTDATED' | 'SANITIZER_UNSUPPORTED' | 'HTML_NOT_A_STRING';
