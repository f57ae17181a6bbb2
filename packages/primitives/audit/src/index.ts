export { canonicalJson } from './canonical.js';
export { entryHash, genesisHash, type TrailEntry } from './entry.js';
export type { AuditErrorCode } from './errors.js';
export {
  belongsInTrail,
  type EventDetails,
  type EventOutcome,
  levelOf,
  type SecurityEvent,
} from './event.js';
export {
  createJsonLog,
  type JsonLogOptions,
  type Log,
  type LogLevel,
  type LogWrite,
  logEvent,
} from './json-log.js';
export { type MemoryTrailStoreOptions, memoryTrailStore } from './memory-trail-store.js';
export type { TrailList, TrailPage, TrailStore } from './store.js';
export { createTrail, type Trail, type TrailOptions } from './trail.js';
export type { TrailFault, TrailVerdict, VerifyOptions } from './verify.js';
export {
  type EventDescription,
  type EventLevel,
  isSecurityEventName,
  type SecurityEventName,
  securityEvents,
} from './vocabulary.js';
