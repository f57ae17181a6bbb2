import { SecapiError } from '@secapi/kernel';
import { chainOf, textOf } from './error-parts.js';

/** Codes of secapi's own errors that mean "not now" and not "never". */
const busy: ReadonlySet<string> = new Set([
  'HASHING_BUSY',
  'SANITIZER_BUSY',
  'HASHING_BREACH_CHECK_UNAVAILABLE',
  'KEYS_UNAVAILABLE',
  'DATABASE_UNAVAILABLE',
  'DATABASE_DEADLINE',
  'REDIS_TIMEOUT',
  'REDIS_UNREACHABLE',
  'REDIS_CIRCUIT_OPEN',
  'REDIS_FAILED',
  'AUDIT_QUEUE_FULL',
]);

/**
 * SQLSTATEs of PostgreSQL: no connection, no resources (too many connections, memory, disk), the server going down or
 * coming up, timeouts of statements, locks and idle transactions; a deadlock or a failed serialization, which wrote nothing.
 */
const sqlStates = /^(?:08...|53...|57P..|57014|55P03|25P0[34]|40001|40P01)$/;

/** Codes of Node's sockets, of its HTTP client, and of other databases. */
const codes: ReadonlySet<string> = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'EPIPE'],
  ...['EAI_AGAIN', 'ESOCKETTIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT'],
  ...['UND_ERR_BODY_TIMEOUT', 'UND_ERR_SOCKET', 'ER_LOCK_WAIT_TIMEOUT', 'ER_LOCK_DEADLOCK'],
  ...['ER_CON_COUNT_ERROR', 'ER_TOO_MANY_USER_CONNECTIONS', 'ER_QUERY_TIMEOUT', 'PROTOCOL_CONNECTION_LOST'],
  ...['PROTOCOL_SEQUENCE_TIMEOUT', 'SQLITE_BUSY', 'SQLITE_LOCKED'],
]);

const names: ReadonlySet<string> = new Set([
  ...['TimeoutError', 'KnexTimeoutError', 'MaxRetriesPerRequestError', 'ClusterAllFailedError'],
  ...['ConnectionTimeoutError', 'ClientClosedError', 'MongoServerSelectionError', 'MongoNetworkError'],
  ...['MongoNetworkTimeoutError', 'SequelizeConnectionAcquireTimeoutError'],
]);

/** How errors begin that drivers give nothing else to tell them by: pools of pg, ioredis, and Redis itself. */
const beginnings: readonly string[] = [
  'timeout exceeded when trying to connect',
  'Connection terminated',
  'Query read timeout',
  'Command timed out',
  'Connection is closed.',
  'LOADING ',
  'CLUSTERDOWN ',
  'TRYAGAIN ',
  'MASTERDOWN ',
];

/** Whether an error, or what it was caused by, says that something can't be had just now and may be later. */
export function isNotNow(error: unknown): boolean {
  return chainOf(error).some(function says(each) {
    if (each instanceof SecapiError)
      return busy.has(each.code) || sqlStates.test(textOf(each, 'sqlState') ?? '');
    const code = textOf(each, 'code') ?? '';
    if (codes.has(code) || names.has(textOf(each, 'name') ?? '')) return true;
    // What an error of PostgreSQL is, whichever driver made it: codes of Node's sockets have five letters as well.
    if (textOf(each, 'severity') !== undefined && sqlStates.test(code)) return true;
    const message = textOf(each, 'message') ?? '';
    return beginnings.some((beginning) => message.startsWith(beginning));
  });
}
