/** Why a text is not sanitized but refused. */
export type HtmlRefusal =
  | 'HTML_TOO_LARGE'
  | 'HTML_TOO_DEEP'
  | 'HTML_UNSTABLE'
  | 'HTML_TOO_SLOW'
  | 'HTML_TOO_HEAVY';

/** What can be wrong with the engine, its threads or their use. */
export type SanitizeErrorCode =
  | 'SANITIZER_OUTDATED'
  | 'SANITIZER_UNSUPPORTED'
  | 'SANITIZER_FAILED'
  | 'SANITIZER_BUSY'
  | 'SANITIZER_CLOSED'
  | 'HTML_NOT_A_STRING';
