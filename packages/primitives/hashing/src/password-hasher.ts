import { constantTimeEqual, randomBytes, SecapiError, utf8 } from '@secapi/kernel';
import type { Argon2Input, Engine } from './engine.js';
import type { HashingErrorCode } from './errors.js';
import { writeArgon2id } from './formats/argon2.js';
import { fitsBcrypt } from './formats/bcrypt.js';
import { isAffordable, type ParsedHash, readHash } from './formats/stored-hash.js';
import { checkHasherOptions, type PasswordHasherOptions } from './hasher-options.js';
import { createGate } from './internal/gate.js';
import { isWellFormed } from './internal/text.js';
import { joinHash, splitHash } from './pepper.js';

/** Hashes and verifies passwords. */
export interface PasswordHasher {
  /**
   * A salted Argon2id hash as a PHC string, with `{id}` before it when there is a pepper. The password is normalised
   * (NFC) and otherwise taken as it is, all of it.
   *
   * @throws SecapiError `HASHING_BUSY`, `HASHING_ABORTED`, `HASHING_FAILED`, `HASHING_PASSWORD_UNUSABLE` (over 4,096
   * UTF-16 units, or not valid Unicode)
   */
  hash(password: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<string>;
  /**
   * Whether a password is the one of a hash. Without a hash, or with one that can't be read, isn't accepted or costs too
   * much, it does the work of the current parameters all the same and answers `ok: false`, so that time doesn't tell who
   * has an account. `needsRehash` is set when the password is right and its hash is of another scheme, other parameters
   * or another pepper than today's.
   *
   * @throws SecapiError `HASHING_BUSY`, `HASHING_ABORTED`, `HASHING_FAILED`, `HASHING_PEPPER_UNKNOWN`
   */
  verify(
    password: string,
    hash: string | undefined,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<{ ok: boolean; needsRehash: boolean }>;
}

const maxLength = 4_096;
const saltLength = 16;
const digestLength = 32;

/** A hasher on one of the engines: all that is decided about hashes is decided here, the engine only computes. */
export function passwordHasherOn(engine: Engine, options: PasswordHasherOptions): PasswordHasher {
  const settings = checkHasherOptions(options, engine.concurrency);
  const { peppers, currentPepper, accept, limits } = settings;
  const gate = createGate(settings.concurrency, settings.queue);

  function current(salt: Uint8Array): Argon2Input {
    const { memory, iterations, parallelism } = settings;
    const secret = currentPepper === undefined ? undefined : peppers.get(currentPepper);
    const cost = { memory, iterations, parallelism };
    return { variant: 'argon2id', version: 19, ...cost, salt, length: digestLength, secret };
  }

  async function hash(password: string, { signal }: { readonly signal?: AbortSignal | undefined } = {}) {
    if (!isUsable(password)) {
      throw new SecapiError<HashingErrorCode>(
        'HASHING_PASSWORD_UNUSABLE',
        'the password to hash is too long or not valid Unicode: check it with the password rules first',
      );
    }
    const input = current(randomBytes(saltLength));
    const bytes = utf8(password.normalize('NFC'));
    const digest = await inTurn(() => engine.argon2(bytes, input, signal), signal);
    return joinHash(currentPepper, writeArgon2id(input, digest));
  }

  async function verify(
    password: string,
    stored: string | undefined,
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ) {
    const { pepperId, phc } = splitHash(stored ?? '');
    const parsed = readAcceptable(phc, pepperId !== undefined);
    const known = pepperId === undefined || peppers.has(pepperId);
    const attempts = parsed && known && isUsable(password) ? attemptsOf(password, parsed) : [];
    const ok = await inTurn(async () => {
      if (!parsed || attempts.length === 0) return dummy(password, signal);
      const secret = pepperId === undefined ? undefined : peppers.get(pepperId);
      for (const attempt of attempts) {
        if (await matches(engine, attempt, parsed, secret, signal)) return true;
      }
      return false;
    }, signal);
    if (parsed && !known) {
      throw new SecapiError<HashingErrorCode>(
        'HASHING_PEPPER_UNKNOWN',
        `a stored hash needs the pepper "${pepperId}": keep it in hasher.pepper until its last hash is gone`,
      );
    }
    return { ok, needsRehash: ok && !(parsed && isCurrent(parsed) && pepperId === currentPepper) };
  }

  /** Only Argon2id was ever made with a pepper here, and the other schemes have no place for one. */
  function readAcceptable(text: string, peppered: boolean): ParsedHash | undefined {
    const parsed = readHash(text);
    if (!parsed || !accept.has(parsed.scheme) || !isAffordable(parsed, limits)) return undefined;
    return peppered && parsed.scheme !== 'argon2id' ? undefined : parsed;
  }

  function isCurrent(parsed: ParsedHash): boolean {
    if (parsed.scheme !== 'argon2id') return false;
    const { version, memory, iterations, parallelism, salt, length } = parsed.input;
    return (
      version === 19 &&
      memory === settings.memory &&
      iterations === settings.iterations &&
      parallelism === settings.parallelism &&
      salt.length >= saltLength &&
      length >= digestLength
    );
  }

  /** The work of a verification that can't succeed. */
  async function dummy(password: string, signal: AbortSignal | undefined): Promise<false> {
    const bytes = utf8(password.slice(0, maxLength).normalize('NFC'));
    await engine.argon2(bytes, current(new Uint8Array(saltLength)), signal);
    return false;
  }

  async function inTurn<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    return gate.run(async () => {
      try {
        return await work();
      } catch (cause) {
        throw new SecapiError<HashingErrorCode>('HASHING_FAILED', 'a password could not be hashed', {
          cause,
        });
      }
    }, signal);
  }

  return { hash, verify };
}

/**
 * NFC makes a password typed on one keyboard the one typed on another; nothing else is changed (ASVS v5.0.0-6.2.8).
 * Where a hash came from, passwords may have been hashed as they were typed: then that is tried as well.
 */
function attemptsOf(password: string, { scheme }: ParsedHash): readonly string[] {
  const normal = password.normalize('NFC');
  const attempts = scheme === 'argon2id' || normal === password ? [normal] : [normal, password];
  return scheme === 'bcrypt' ? attempts.filter(fitsBcrypt) : attempts;
}

async function matches(
  engine: Engine,
  password: string,
  parsed: ParsedHash,
  secret: Uint8Array | undefined,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (parsed.scheme === 'bcrypt') return engine.bcrypt(password, parsed.hash, signal);
  return constantTimeEqual(await digestOf(engine, utf8(password), parsed, secret, signal), parsed.digest);
}

function digestOf(
  engine: Engine,
  password: Uint8Array,
  parsed: Exclude<ParsedHash, { scheme: 'bcrypt' }>,
  secret: Uint8Array | undefined,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  if (parsed.scheme === 'scrypt') return engine.scrypt(password, parsed.input, signal);
  if (parsed.scheme === 'pbkdf2') return engine.pbkdf2(password, parsed.input, signal);
  return engine.argon2(password, { ...parsed.input, secret }, signal);
}

function isUsable(password: string): boolean {
  return password.length <= maxLength && isWellFormed(password);
}
