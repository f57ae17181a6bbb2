/** Why a JSON text, or a value that somebody else parsed, is refused. */
export type JsonRefusal =
  | 'JSON_SYNTAX'
  | 'JSON_ENCODING'
  | 'JSON_DEPTH'
  | 'JSON_DUPLICATE_KEY'
  | 'JSON_PROTOTYPE_KEY'
  | 'JSON_TOO_MANY_NODES'
  | 'JSON_TOO_MANY_KEYS'
  | 'JSON_TOO_MANY_ITEMS'
  | 'JSON_STRING_TOO_LONG'
  | 'JSON_UNSAFE_NUMBER'
  | 'JSON_NOT_PLAIN';

/** Why a query string is refused. */
export type QueryRefusal = 'QUERY_SYNTAX' | 'QUERY_DUPLICATE_KEY' | 'QUERY_TOO_LARGE' | 'QUERY_PROTOTYPE_KEY';

/** What is wrong with one value, as a stable code. */
export type IssueCode =
  | 'unknown_key'
  | 'missing'
  | 'type'
  | 'min_length'
  | 'max_length'
  | 'format'
  | 'min_value'
  | 'max_value'
  | 'invalid';
