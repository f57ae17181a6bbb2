/** Where a session is used from, as it is shown to its owner: what the client says of itself, never a proof. */
export interface Device {
  /** The `User-Agent` header; the first 256 characters are kept. */
  readonly userAgent?: string | undefined;
  /** The client's address; the first 64 characters are kept. */
  readonly address?: string | undefined;
}

/** A refresh family as it is stored: everything that descends from one login. It holds no token. Times are milliseconds. */
export interface RefreshFamilyRecord {
  readonly id: string;
  readonly subject: string;
  readonly device: Device;
  readonly createdAt: number;
  /** The time of the last rotation, or of the login. */
  readonly lastUsedAt: number;
  /** The end unless it is used before; never later than `absoluteExpiresAt`. A rotation moves it to now + `idleMs`, bounded by `absoluteExpiresAt`. */
  readonly expiresAt: number;
  /** The end that no use moves. */
  readonly absoluteExpiresAt: number;
  /** When it was revoked; absent while it lives. */
  readonly revokedAt?: number;
}

/** One attempt to turn a token into its successor. Times are milliseconds. */
export interface RotateInput {
  /** The digest of the presented token. */
  readonly digest: string;
  /** The digest of the successor, should this attempt be the first. */
  readonly nextDigest: string;
  /** What the successor was derived with, kept with the used token for those who race. */
  readonly salt: string;
  readonly now: number;
  /** How long after its use a token is still taken for an honest race. */
  readonly graceMs: number;
  readonly idleMs: number;
  /** Replaces the family's device when it rotates. */
  readonly device?: Device;
}

/** What became of an attempt to rotate. `family` is the record as it is afterwards. */
export type RotateOutcome =
  | {
      readonly outcome: 'rotated' | 'raced' | 'reused' | 'expired' | 'revoked';
      readonly family: RefreshFamilyRecord;
      /** The salt of the first rotation; present when `raced`. */
      readonly salt?: string;
    }
  | { readonly outcome: 'unknown' };

/**
 * Keeps refresh families. Every method is **one atomic operation**: no two calls see the same token unused (ASVS v5.0.0-15.4.2).
 *
 * `rotate` decides in this order:
 * 1. a digest that was never issued: `unknown`, and nothing changes;
 * 2. a revoked family: `revoked`;
 * 3. a family whose `expiresAt` is not after `now`: `expired`;
 * 4. an unused token: it is marked used at `now` with `salt`, `nextDigest` becomes the family's unused token, `lastUsedAt`, `expiresAt` and
 *    the device are renewed: `rotated`;
 * 5. a used token whose direct successor is still unused, at most `graceMs` after its use: nothing changes: `raced`, with the stored salt;
 * 6. any other used token: the family is revoked in the same operation: `reused`.
 *
 * `list`, `revoke` and `revokeAll` see only families that are neither revoked nor expired; `find` sees all.
 */
export interface RefreshStore {
  /** Keeps a new family and the digest of its first token. */
  create(family: RefreshFamilyRecord, digest: string): Promise<void>;
  rotate(input: RotateInput): Promise<RotateOutcome>;
  /** The living families of a subject, the last used first. */
  list(subject: string, now: number): Promise<RefreshFamilyRecord[]>;
  find(id: string): Promise<RefreshFamilyRecord | undefined>;
  /** Looks at a token, and changes nothing; `undefined` for a digest that was never issued. Only introspection asks it. */
  peek?(
    digest: string,
  ): Promise<{ readonly family: RefreshFamilyRecord; readonly used: boolean } | undefined>;
  /** Ends a living family (of that subject, when one is given); whether there was one. */
  revoke(id: string, now: number, subject?: string): Promise<boolean>;
  /** Ends the living families of a subject but one; the ids of those ended. */
  revokeAll(subject: string, now: number, except?: string): Promise<string[]>;
}
