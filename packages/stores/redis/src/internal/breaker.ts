import {
  ConfigError,
  checkNumber,
  checkOptions,
  type Duration,
  SecapiError,
  toMilliseconds,
} from '@secapi/kernel';
import type { RedisErrorCode } from '../errors.js';
import { callRedis, type RedisClient } from './call.js';

/** Whether Redis is asked: `closed` it is, `open` it isn't, `half-open` one command finds out whether it is there again. */
export type CircuitState = 'closed' | 'open' | 'half-open';

/** That a circuit changed its state. It holds no key, value or address. */
export interface CircuitTransition {
  readonly code: 'REDIS_CIRCUIT_OPENED' | 'REDIS_CIRCUIT_PROBING' | 'REDIS_CIRCUIT_CLOSED';
  readonly from: CircuitState;
  readonly to: CircuitState;
  /** Why it opened. */
  readonly reason?: RedisErrorCode;
}

/** When a store stops asking a Redis that doesn't answer, and when it tries again. */
export interface CircuitOptions {
  /**
   * After how many calls in a row that were late or had no connection it opens.
   *
   * @default 3
   */
  readonly failures?: number;
  /**
   * A call that has no answer after so long counts as failed, though it may go on until the store's deadline.
   *
   * @default '100ms', or the store's deadline where that is shorter
   */
  readonly lateAfter?: Duration;
  /**
   * How long after opening, and after each probe in vain, Redis is asked whether it is there.
   *
   * @default '250ms'
   */
  readonly probeEvery?: Duration;
  /** Told of each change. What it throws is ignored. */
  readonly onTransition?: (transition: CircuitTransition) => void;
}

/** Lets calls through, or refuses them at once. */
export interface Breaker {
  /** @throws SecapiError `REDIS_CIRCUIT_OPEN` at once while Redis isn't asked */
  run<T>(call: () => Promise<T>): Promise<T>;
  /** Whether Redis is asked. */
  isClosed(): boolean;
}

const codes = {
  open: 'REDIS_CIRCUIT_OPENED',
  'half-open': 'REDIS_CIRCUIT_PROBING',
  closed: 'REDIS_CIRCUIT_CLOSED',
} as const;

/**
 * A breaker for one store. No request is the probe: while it is open, it asks on its own, with a command on `probeKey`, so that in a cluster the
 * master is asked that the store needs.
 */
export function createBreaker(
  where: string,
  redis: RedisClient,
  options: CircuitOptions,
  deadline: number,
  probeKey: string,
): Breaker {
  checkOptions(where, options, ['failures', 'lateAfter', 'probeEvery', 'onTransition']);
  const most = checkNumber(`${where}.failures`, options.failures ?? 3, { min: 1, max: 1_000 });
  const lateAfter = toMilliseconds(
    `${where}.lateAfter`,
    options.lateAfter ?? Math.min(100, deadline) / 1_000,
    {
      max: 60,
    },
  );
  const probeEvery = toMilliseconds(`${where}.probeEvery`, options.probeEvery ?? '250ms', { max: 60 });
  const { onTransition } = options;
  if (onTransition !== undefined && typeof onTransition !== 'function') {
    throw new ConfigError(`${where}.onTransition`, 'is not a function', 'pass a function or leave it out');
  }
  let state: CircuitState = 'closed';
  let failures = 0;
  let round = 0; // what was sent before the circuit last changed says nothing about now

  function change(to: CircuitState, reason?: RedisErrorCode): void {
    const from = state;
    state = to;
    try {
      onTransition?.({ code: codes[to], from, to, ...(reason && { reason }) });
    } catch {
      // A broken listener must not become a broken limit.
    }
  }

  function fail(reason: RedisErrorCode, sentIn: number): void {
    if (sentIn !== round || state !== 'closed') return;
    failures += 1;
    if (failures < most) return;
    round += 1;
    change('open', reason);
    planProbe();
  }

  function planProbe(): void {
    setTimeout(() => void probe(), probeEvery).unref();
  }

  async function probe(): Promise<void> {
    change('half-open');
    try {
      await callRedis(redis, lateAfter, 'EXISTS', [probeKey]);
    } catch (error) {
      change('open', codeOf(error));
      planProbe();
      return;
    }
    failures = 0;
    change('closed');
  }

  return {
    isClosed: () => state === 'closed',
    async run(call) {
      if (state !== 'closed') {
        throw new SecapiError<RedisErrorCode>(
          'REDIS_CIRCUIT_OPEN',
          'redis did not answer lately and is not asked',
        );
      }
      const sentIn = round;
      let pending = true;
      let told = false;
      const late = (): void => {
        // A busy event loop runs timers before it reads sockets: the answer may be there already.
        setImmediate(() => {
          if (!pending) return;
          told = true;
          fail('REDIS_TIMEOUT', sentIn);
        });
      };
      const timer = setTimeout(late, lateAfter).unref();
      try {
        const result = await call();
        if (!told && sentIn === round) failures = 0;
        return result;
      } catch (error) {
        const code = codeOf(error);
        if (code === 'REDIS_FAILED') {
          if (!told && sentIn === round) failures = 0; // an error is an answer
        } else if (!told) fail(code, sentIn);
        throw error;
      } finally {
        pending = false;
        clearTimeout(timer);
      }
    },
  };
}

function codeOf(error: unknown): RedisErrorCode {
  // callRedis and scripts throw nothing else.
  return error instanceof SecapiError ? (error.code as RedisErrorCode) : 'REDIS_FAILED';
}
