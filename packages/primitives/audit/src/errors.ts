/**
 * The codes of this package's errors.
 *
 * `AUDIT_EVENT_INVALID`: an event with an unknown name or outcome. `AUDIT_QUEUE_FULL`: more waits for the store than
 * the trail may hold. A store's own failures are passed on as they are.
 */
export type AuditErrorCode = 'AUDIT_EVENT_INVALID' | 'AUDIT_QUEUE_FULL';
