/** Why a client could not be told from the facts of a request. */
export type ClientRefusal =
  | 'PEER_UNKNOWN'
  | 'HOST_SYNTAX'
  | 'FORWARDED_TOO_LONG'
  | 'FORWARDED_TOO_MANY_HOPS'
  | 'FORWARDED_SYNTAX'
  | 'FORWARDED_CONFLICT';

/** Why a `Host` is refused. */
export type HostRefusal = 'HOST_MISSING' | 'HOST_SYNTAX' | 'HOST_UNKNOWN';

/** Why a request is refused as forged by another site. */
export type CsrfRefusal = 'CSRF_CROSS_SITE' | 'CSRF_ORIGIN' | 'CSRF_TOKEN';

/** Why a `Cookie` header is refused. */
export type CookieRefusal = 'COOKIE_SYNTAX' | 'COOKIE_DUPLICATE' | 'COOKIE_TOO_LARGE';

/** Why the boundaries of a request's body are refused. */
export type FramingRefusal = 'FRAMING_BOTH' | 'FRAMING_LENGTH' | 'FRAMING_ENCODING' | 'FRAMING_VERSION';
