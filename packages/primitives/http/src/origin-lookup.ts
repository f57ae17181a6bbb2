import {
  type Clock,
  ConfigError,
  checkNumber,
  checkOptions,
  type Duration,
  isPromise,
  type MaybePromise,
  SecapiError,
  systemClock,
  toMilliseconds,
} from '@secapi/kernel';
import { isOrigin } from './internal/origin.js';

/** How an application's own answers about origins are asked for and remembered. */
export interface OriginLookupOptions {
  /** What doesn't answer by then is a refusal. @default '1s' */
  readonly deadline?: Duration;
  /** How long an answer holds, a yes and a no alike. @default '1m' */
  readonly remember?: Duration;
  /** How many of each are remembered; noes never push out yeses. @default 1,000 */
  readonly max?: number;
  /** How many questions may be open at once; what comes on top is refused. @default 100 */
  readonly open?: number;
  /** Told of what failed or came too late. @default nobody */
  readonly onFailure?: (error: unknown) => void;
  readonly now?: Clock;
}

/** Says whether an origin may, such as that of a customer. Only `true` allows. */
export type OriginAllowed = (origin: string) => MaybePromise<boolean>;

/** A failure is a refusal for so long, in milliseconds, so that what is broken isn't asked for every request. */
const afterFailure = 1_000;

/**
 * Puts bounds around a question that anybody can cause to be asked: preflights come before every limit.
 *
 * Requests of one origin share one question; answers are remembered; a failure and a late answer refuse. What is no
 * origin as browsers spell them, `null` above all, is refused without asking.
 *
 * @throws ConfigError on options that make no sense
 */
export function createOriginLookup(
  allowed: OriginAllowed,
  options: OriginLookupOptions = {},
): (origin: string) => MaybePromise<boolean> {
  const where = 'originLookup';
  checkOptions(where, options, ['deadline', 'remember', 'max', 'open', 'onFailure', 'now']);
  if (typeof allowed !== 'function')
    throw new ConfigError(`${where}.allowed`, 'is not a function', 'pass (origin) => boolean, or a promise');
  const deadline = toMilliseconds(`${where}.deadline`, options.deadline ?? '1s', { min: 0.01, max: 10 });
  const remember = toMilliseconds(`${where}.remember`, options.remember ?? '1m', { min: 0, max: 86_400 });
  const max = checkNumber(`${where}.max`, options.max ?? 1_000, { min: 1, max: 1_000_000 });
  const most = checkNumber(`${where}.open`, options.open ?? 100, { min: 1, max: 10_000 });
  const { onFailure, now = systemClock } = options;
  // Apart, so that whoever asks with made-up origins can't push out those that are allowed.
  const yes = new Map<string, number>();
  const no = new Map<string, number>();
  const open = new Map<string, Promise<boolean>>();

  function holds(answers: Map<string, number>, origin: string): boolean {
    const until = answers.get(origin);
    if (until === undefined) return false;
    if (until > now()) return true;
    answers.delete(origin);
    return false;
  }

  function keep(answers: Map<string, number>, origin: string, milliseconds: number): void {
    answers.delete(origin);
    if (milliseconds <= 0) return;
    const [oldest] = answers.size >= max ? answers.keys() : [];
    if (oldest !== undefined) answers.delete(oldest);
    answers.set(origin, now() + milliseconds);
  }

  function settle(origin: string, answer: boolean): boolean {
    keep(answer ? no : yes, origin, 0);
    keep(answer ? yes : no, origin, remember);
    return answer;
  }

  function fail(origin: string, error: unknown): false {
    keep(no, origin, Math.min(afterFailure, remember));
    try {
      onFailure?.(error);
    } catch {
      // Who is told of a failure can't make it a pass.
    }
    return false;
  }

  function wait(origin: string, answer: Promise<boolean>): Promise<boolean> {
    const waiting = new Promise<boolean>((resolve) => {
      const timer: unknown = setTimeout(() => {
        close();
        resolve(fail(origin, new SecapiError('ORIGIN_LOOKUP_LATE', 'an origin was not looked up in time')));
      }, deadline);
      // Node's timer is an object that would keep the process alive; elsewhere it is a number.
      if (
        typeof timer === 'object' &&
        timer !== null &&
        'unref' in timer &&
        typeof timer.unref === 'function'
      )
        timer.unref();
      // A late answer is remembered all the same: the next request need not wait for it.
      answer
        .then(
          (value) => settle(origin, value === true),
          (error: unknown) => fail(origin, error),
        )
        .then((verdict) => {
          clearTimeout(timer as Parameters<typeof clearTimeout>[0]); // what setTimeout gave
          close();
          resolve(verdict);
        });
    });
    function close(): void {
      if (open.get(origin) === waiting) open.delete(origin);
    }
    open.set(origin, waiting);
    return waiting;
  }

  return function originLookup(origin: string): MaybePromise<boolean> {
    if (holds(yes, origin)) return true;
    const underWay = open.get(origin);
    if (underWay) return underWay;
    if (holds(no, origin) || !isOrigin(origin)) return false;
    if (open.size >= most) {
      return fail(origin, new SecapiError('ORIGIN_LOOKUP_BUSY', 'too many origins are being looked up'));
    }
    try {
      const answer = allowed(origin);
      if (!isPromise(answer)) return settle(origin, answer === true);
      return wait(origin, answer);
    } catch (error) {
      return fail(origin, error);
    }
  };
}
