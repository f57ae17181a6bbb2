import {
  type Clock,
  ConfigError,
  checkOptions,
  type Duration,
  systemClock,
  toMilliseconds,
} from '@secapi/kernel';
import type { JWK } from 'jose';
import { type Algorithm, checkAlgorithm } from '../algorithms.js';
import type { KeyStore } from './key-store.js';
import { createSealer, type Seal, type Sealer } from './seal.js';

/** The options of {@link createManagedKeyRing}. */
export interface ManagedKeyRingOptions {
  /** Shared by all processes that sign or verify. */
  readonly store: KeyStore;
  /**
   * The keys that seal private keys in the store: the first seals, all of them open. To exchange one, put the new one last everywhere, then
   * first everywhere, call `rotate()`, and take the old one out.
   */
  readonly seal: readonly Seal[];
  /** The algorithm of new keys. @default 'EdDSA' */
  readonly algorithm?: Algorithm | undefined;
  /** How long a key signs; `false`: until `rotate()` is called. @default '30d' */
  readonly rotateEvery?: Duration | false | undefined;
  /** How long a key is published before it signs. Every process must `refresh()` at least twice in this time. @default '1h' */
  readonly publishFor?: Duration | undefined;
  /** How long a key verifies after its last signature: the longest lifetime of a token and the tolerance of its verifiers. */
  readonly verifyFor: Duration;
  /** The keys to begin with, where the store has none: the first private one signs, the others verify for `verifyFor`. @default a new key */
  readonly seed?: readonly JWK[] | undefined;
  /** @default the machine's clock */
  readonly now?: Clock | undefined;
}

/** Options that were checked; times in milliseconds. */
export interface ManagedRules {
  readonly store: KeyStore;
  readonly sealer: Sealer;
  readonly algorithm: Algorithm;
  readonly rotateEvery: number;
  readonly publishFor: number;
  readonly verifyFor: number;
  readonly seed: readonly JWK[];
  readonly now: Clock;
}

const names = ['store', 'seal', 'algorithm', 'rotateEvery', 'publishFor', 'verifyFor', 'seed', 'now'];
const day = 86_400;

/**
 * Checks the options of a managed key ring.
 *
 * @throws ConfigError for the first that is missing, unknown or unsafe
 */
export function checkManagedOptions(options: ManagedKeyRingOptions): ManagedRules {
  checkOptions('managedKeyRing', options, names);
  const { store, seed = [], now = systemClock, rotateEvery = '30d' } = options;
  if (typeof store?.load !== 'function' || typeof store.save !== 'function') {
    throw new ConfigError(
      'managedKeyRing.store',
      'is not a key store',
      'pass store: postgresKeyStore(database)',
    );
  }
  const time = (name: string, value: Duration, max: number): number =>
    toMilliseconds(`managedKeyRing.${name}`, value, { min: 0.1, max: max * day });
  const publishFor = time('publishFor', options.publishFor ?? '1h', 30);
  const every = rotateEvery === false ? Number.POSITIVE_INFINITY : time('rotateEvery', rotateEvery, 2 * 366);
  if (every <= publishFor) {
    throw new ConfigError(
      'managedKeyRing.rotateEvery',
      'is not longer than publishFor',
      'a key is published, then signs: make it longer, or publishFor shorter',
    );
  }
  if (!Array.isArray(seed) || seed.length > 20) {
    throw new ConfigError(
      'managedKeyRing.seed',
      'is not a list of 20 keys at most',
      'pass JWKs, or leave it out',
    );
  }
  return {
    store,
    sealer: createSealer('managedKeyRing.seal', options.seal),
    algorithm: checkAlgorithm('managedKeyRing.algorithm', options.algorithm ?? 'EdDSA').algorithm,
    rotateEvery: every,
    publishFor,
    verifyFor: time('verifyFor', options.verifyFor, 8),
    seed,
    now,
  };
}
