import { SecapiError, uuidv7 } from '@secapi/kernel';
import type { DraftEntry } from '../entry.js';
import type { AuditErrorCode } from '../errors.js';
import type { EventDetails, SecurityEvent } from '../event.js';
import { isSecurityEventName } from '../vocabulary.js';

const longestText = 1_024;
const mostDetails = 64;
const outcomes: readonly unknown[] = ['success', 'failure', 'denied'];

/** An event as an entry that any store can hold and give back unchanged, so that its hash stays true. */
export function draftOf(
  event: SecurityEvent,
  at: number,
  redact: (details: EventDetails) => EventDetails,
): DraftEntry {
  if (!isSecurityEventName(event.event) || !outcomes.includes(event.outcome)) {
    throw new SecapiError<AuditErrorCode>(
      'AUDIT_EVENT_INVALID',
      'an event for the trail has an unknown name or outcome: use the names of securityEvents',
    );
  }
  return Object.freeze({
    id: uuidv7(() => at),
    at: new Date(at).toISOString(),
    event: event.event,
    outcome: event.outcome,
    actor: textOrNull(event.actor),
    target: textOrNull(event.target),
    address: textOrNull(event.address),
    requestId: textOrNull(event.requestId),
    details: detailsOf(redact(event.details ?? {})),
  });
}

function detailsOf(details: EventDetails): EventDetails {
  const kept: [string, string | number | boolean | null][] = [];
  for (const [key, value] of Object.entries(details).slice(0, mostDetails)) {
    if (value === undefined) continue;
    kept.push([text(key), scalar(value)]);
  }
  // Entries, not assignments: a key named __proto__ stays a key.
  return Object.freeze(Object.fromEntries(kept));
}

function scalar(value: unknown): string | number | boolean | null {
  if (typeof value === 'string') return text(value);
  if (typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'bigint') return value.toString();
  // Minus zero and infinities don't survive JSON or a database as they are.
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null;
  return '[not recorded]';
}

function textOrNull(value: string | undefined): string | null {
  return typeof value === 'string' ? text(value) : null;
}

const plain = /^[\x20-\x7e]*$/;

/** Well-formed Unicode without NUL, which PostgreSQL can't hold, and no longer than an entry may be. */
function text(value: string): string {
  if (value.length <= longestText && plain.test(value)) return value;
  const cut = value.length > longestText ? `${value.slice(0, longestText)}…` : value;
  return wellFormed(cut).replaceAll('\0', '\ufffd');
}

function wellFormed(value: string): string {
  return value.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
}
