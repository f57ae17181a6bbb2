/** A one-time token as it is stored: by digests alone. */
export interface OneTimeRecord {
  /** The digest of the token. */
  readonly digest: string;
  readonly purpose: string;
  readonly subject: string;
  /** A keyed digest of what the token is bound to; absent when it is bound to nothing. */
  readonly binding?: string;
  /** When it dies, in milliseconds. */
  readonly expiresAt: number;
}

/** Keeps one-time tokens. Every method is **one atomic operation**. */
export interface OneTimeStore {
  put(record: OneTimeRecord): Promise<void>;
  /** Removes and returns the record with this digest **and** purpose whose `expiresAt` is after `now`: of any number of parallel calls one gets it. */
  take(digest: string, purpose: string, now: number): Promise<OneTimeRecord | undefined>;
  /** Removes every record of this purpose and subject. */
  drop(purpose: string, subject: string): Promise<void>;
}
