import { type EventLevel, type SecurityEventName, securityEvents } from './vocabulary.js';

/** What an event may say beyond who, what, when and where. Never a secret. */
export type EventDetails = Readonly<Record<string, string | number | boolean | null>>;

/** How it ended: done, tried and failed, or refused. */
export type EventOutcome = 'success' | 'failure' | 'denied';

/** A security event (ASVS v5.0.0-16.2.1: who, what and where; the log and the trail add when). */
export interface SecurityEvent {
  readonly event: SecurityEventName;
  readonly outcome: EventOutcome;
  /** Who did it: a subject. */
  readonly actor?: string;
  /** What it was done to: the id of an account, a session, a resource. */
  readonly target?: string;
  /** The client's canonical address. */
  readonly address?: string;
  readonly requestId?: string;
  readonly details?: EventDetails;
  /** @default the vocabulary's */
  readonly level?: EventLevel;
  /** Whether it goes into the trail. @default the vocabulary's */
  readonly trail?: boolean;
}

/** The level of an event: its own, else the vocabulary's. */
export function levelOf(event: SecurityEvent): EventLevel {
  return event.level ?? securityEvents[event.event].level;
}

/** Whether an event belongs in the trail: as it says, else as the vocabulary does. */
export function belongsInTrail(event: SecurityEvent): boolean {
  return event.trail ?? securityEvents[event.event].trail;
}
