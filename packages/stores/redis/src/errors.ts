/** The codes of this package's errors. None of them holds a key, a value or a script. */
export type RedisErrorCode =
  /** No answer before the deadline. */
  | 'REDIS_TIMEOUT'
  /** There is no connection, or it broke before the answer. */
  | 'REDIS_UNREACHABLE'
  /** Redis didn't answer lately and isn't asked until it does. */
  | 'REDIS_CIRCUIT_OPEN'
  /** Redis answered with an error, or with something that can't be read. */
  | 'REDIS_FAILED';
