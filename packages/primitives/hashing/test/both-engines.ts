import type { Engine } from '../src/engine.js';
import { nativeEngine } from '../src/engines/native.js';
import { portableEngine } from '../src/engines/portable.js';
import type { PasswordHasherOptions } from '../src/hasher-options.js';
import { type PasswordHasher, passwordHasherOn } from '../src/password-hasher.js';

/** The two engines side by side: what one accepts and makes the other accepts and makes, or a user is locked out. */
export const engines: readonly (readonly [string, Engine])[] = [
  ['native', nativeEngine],
  ['portable', portableEngine],
];

/** A hasher on one of the engines. */
export function hasherOn(engine: Engine, options: PasswordHasherOptions = {}): PasswordHasher {
  return passwordHasherOn(engine, options);
}

/** An engine that counts what it is asked for. */
export function countingEngine(engine: Engine): Engine & { readonly calls: string[] } {
  const calls: string[] = [];
  return {
    calls,
    concurrency: engine.concurrency,
    argon2(password, input, signal) {
      calls.push(`argon2 m=${input.memory} t=${input.iterations}`);
      return engine.argon2(password, input, signal);
    },
    scrypt(password, input, signal) {
      calls.push('scrypt');
      return engine.scrypt(password, input, signal);
    },
    pbkdf2(password, input, signal) {
      calls.push('pbkdf2');
      return engine.pbkdf2(password, input, signal);
    },
    bcrypt(password, hash, signal) {
      calls.push('bcrypt');
      return engine.bcrypt(password, hash, signal);
    },
  };
}
