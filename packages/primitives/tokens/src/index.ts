export type { OneTimeRecord, OneTimeStore } from './one-time-store.js';
export type {
  Device,
  RefreshFamilyRecord,
  RefreshStore,
  RotateInput,
  RotateOutcome,
} from './refresh-store.js';
