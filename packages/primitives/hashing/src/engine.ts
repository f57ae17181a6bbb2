/** What goes into one Argon2 digest (RFC 9106 §3.1). */
export interface Argon2Input {
  readonly variant: 'argon2id' | 'argon2i' | 'argon2d';
  readonly version: 16 | 19;
  /** KiB. */
  readonly memory: number;
  readonly iterations: number;
  readonly parallelism: number;
  readonly salt: Uint8Array;
  /** Bytes of the digest. */
  readonly length: number;
  readonly secret?: Uint8Array | undefined;
}

/** What goes into one scrypt digest (RFC 7914 §2). */
export interface ScryptInput {
  /** N, a power of two. */
  readonly cost: number;
  readonly blockSize: number;
  readonly parallelism: number;
  readonly salt: Uint8Array;
  readonly length: number;
}

/** What goes into one PBKDF2 digest (RFC 8018 §5.2). */
export interface Pbkdf2Input {
  readonly digest: 'sha1' | 'sha256' | 'sha512';
  readonly iterations: number;
  readonly salt: Uint8Array;
  readonly length: number;
}

/**
 * The functions that hash passwords, in native code or in JavaScript. An engine computes and nothing else: what a stored
 * hash may look like, and what it may cost, is decided before it is asked, so that both engines accept the same.
 *
 * A signal ends work as far as the engine can; the caller stops waiting in any case.
 */
export interface Engine {
  /** How many hashes run at once unless the operator says otherwise. */
  readonly concurrency: number;
  argon2(password: Uint8Array, input: Argon2Input, signal?: AbortSignal): Promise<Uint8Array>;
  scrypt(password: Uint8Array, input: ScryptInput, signal?: AbortSignal): Promise<Uint8Array>;
  pbkdf2(password: Uint8Array, input: Pbkdf2Input, signal?: AbortSignal): Promise<Uint8Array>;
  /** Whether a password of 72 UTF-8 bytes at most and without NUL is that of a well-formed hash. */
  bcrypt(password: string, hash: string, signal?: AbortSignal): Promise<boolean>;
}
