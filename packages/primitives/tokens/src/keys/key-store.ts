import type { JWK } from 'jose';
import type { Algorithm } from '../algorithms.js';

/** A signing key as it is stored. Times are milliseconds; nothing in it is of use without the seal's key. */
export interface KeyRecord {
  readonly kid: string;
  readonly alg: Algorithm;
  /** The public members alone (RFC 7517). */
  readonly publicKey: JWK;
  /** The private JWK, encrypted: a compact JWE (`dir`, `A256GCM`) with the id of its seal as `kid`. */
  readonly sealed: string;
  readonly createdAt: number;
  /** From when on it signs; it is published from the moment it is stored. */
  readonly activeAt: number;
  /** When nothing that it signed is valid any more: set when its successor is stored, to that one's `activeAt` and the longest life of a token. */
  readonly retireAt?: number;
}

/** Keeps the records of one key ring, which several processes share. Both methods are **one atomic operation**. */
export interface KeyStore {
  /** What was last saved; version 0 and no keys when nothing ever was. */
  load(): Promise<{ readonly version: number; readonly keys: readonly KeyRecord[] }>;
  /**
   * Compare and set: replaces all records and makes `version + 1`, if `version` is still the present one.
   *
   * @returns whether it was; of any number of parallel calls with one version a single one answers `true`
   */
  save(version: number, keys: readonly KeyRecord[]): Promise<boolean>;
}
