import { andThen, type Clock, ConfigError, isPromise, type MaybePromise, systemClock } from '@secapi/kernel';
import { createRateLimiter } from '@secapi/rate-limit';
import { type AdmissionOptions, type DeclaredRoute, declareRoute } from './admission.js';
import type { ErrorMapper } from './constraint-errors.js';
import { type Exchange, openExchange, type RequestFacts } from './exchange.js';
import type { Guard, GuardMode, GuardOutcome, Refusal } from './guard.js';
import { createLimitDesk, type LimitDesk } from './limits/desk.js';
import type { Limit } from './limits/limit.js';
import { createLimitOperations, type LimitOperations } from './limits/operators.js';
import { toApiError } from './map-error.js';
import type { Principal } from './principal.js';
import { createProblems, type ErrorFormat } from './problem.js';
import type { Answer, Reply } from './reply.js';
import { createReporter, type ReporterOptions } from './reporter.js';
import type { HandlerContext, RouteSecurity } from './route.js';
import { shapeAnswer } from './shape.js';

/** All that a shield is made from; {@link recommended} makes one that is whole. */
export interface ShieldConfig<P extends Principal = Principal> extends ReporterOptions {
  /** In the order in which they run. */
  readonly guards: readonly Guard[];
  /** Guards that only report what they would have refused, by name. @default none */
  readonly observe?: readonly string[];
  readonly policy?: AdmissionOptions['policy'];
  readonly facts?: AdmissionOptions['facts'];
  /** Counts what limits demand. @default one in this process's memory */
  readonly desk?: LimitDesk;
  readonly limits?: readonly Limit[];
  /** How many bits of an IPv6 address make one client, for operators. @default 64 */
  readonly ipv6Prefix?: number;
  readonly bodyLimit?: AdmissionOptions['bodyLimit'];
  readonly json?: AdmissionOptions['json'];
  /** What errors of the application's own parts become; the first that knows one decides. @default none */
  readonly mapErrors?: readonly ErrorMapper[];
  /** @default 'problem' */
  readonly errors?: ErrorFormat;
  readonly now?: Clock;
  /** The type of principals, for handlers; nothing at run time. */
  readonly principal?: P;
}

/** What came of admission: the handler's context, or the answer that ends the request. */
export type Admission<Context> =
  | { readonly admitted: true; readonly context: Context }
  | { readonly admitted: false; readonly reply: Reply };

/** The status with which a request ended that the shield did not answer; 499 when the client went away. */
export interface Ended {
  readonly endedWith: number;
}

/**
 * The chain of guards, compiled once, and the four verbs that an adapter puts on its framework's hooks.
 *
 * Each verb returns its value at once where nothing has to be waited for. None of them throws or rejects.
 */
export interface Shield<P extends Principal = Principal> {
  /** The names of the guards, in the order in which they run. */
  readonly order: readonly string[];
  /** The limits as an operator sees them. */
  readonly limits: LimitOperations;
  /** The type of principals; nothing at run time. */
  readonly principal?: P;
  open(facts: RequestFacts): Exchange;
  /** Checks a route's security once; what it returns goes to {@link admit}. @throws ConfigError when it makes no sense */
  declare<R extends RouteSecurity>(route: R): DeclaredRoute<R>;
  /** Before routing: the answer that ends the request, or nothing to go on. */
  enter(exchange: Exchange): MaybePromise<Reply | undefined>;
  /** On the matched route. A route that was not declared is refused. */
  admit<R extends RouteSecurity>(
    exchange: Exchange,
    declared: DeclaredRoute<R> | undefined,
    params: Readonly<Record<string, string>>,
  ): MaybePromise<Admission<HandlerContext<R, P>>>;
  /**
   * The handler's answer, shaped, once its events are durable. For what ended without the shield, such as a stream that
   * the handler writes itself or a client that went away, only the status: limits and events are settled by it.
   */
  leave(exchange: Exchange, outcome: Answer | Ended): MaybePromise<Reply>;
  /** Any error as a safe problem; the whole of it, masked, to the log. */
  fail(exchange: Exchange, error: unknown): MaybePromise<Reply>;
}

/**
 * Compiles a shield.
 *
 * @throws ConfigError when two guards share a name or `observe` names one that isn't there
 */
export function createShield<P extends Principal = Principal>(config: ShieldConfig<P>): Shield<P> {
  const { guards, observe = [], limits = [], errors = 'problem', now = systemClock } = config;
  const order = guards.map((guard) => guard.name);
  if (new Set(order).size !== order.length)
    throw new ConfigError('guards', 'have a name twice', 'give every guard its own name');
  for (const name of observe) {
    if (!order.includes(name))
      throw new ConfigError(
        'observe',
        `names '${name}', which isn't a guard`,
        `use one of ${order.join(', ')}`,
      );
  }
  const desk = config.desk ?? createLimitDesk(createRateLimiter({ now }));
  const reporter = createReporter(config);
  const problems = createProblems(errors);
  const admission: AdmissionOptions = {
    policy: config.policy,
    facts: config.facts,
    desk,
    limits,
    bodyLimit: config.bodyLimit,
    json: config.json,
  };
  const modes = order.map((name): GuardMode => (observe.includes(name) ? 'observe' : 'enforce'));

  function open(facts: RequestFacts): Exchange {
    return openExchange(facts, now());
  }

  function run(exchange: Exchange, from: number): MaybePromise<Reply | undefined> {
    for (let i = from; i < guards.length; i++) {
      const outcome = guards[i]?.enter(exchange);
      if (isPromise(outcome))
        return outcome.then((value) =>
          andThen(conclude(exchange, i, value), (reply) => reply ?? run(exchange, i + 1)),
        );
      if (outcome === undefined) continue;
      const index = i;
      return andThen(conclude(exchange, index, outcome), (reply) => reply ?? run(exchange, index + 1));
    }
    return undefined;
  }

  function conclude(
    exchange: Exchange,
    index: number,
    outcome: GuardOutcome,
  ): MaybePromise<Reply | undefined> {
    if (outcome === undefined) return undefined;
    if ('reply' in outcome) return end(exchange, outcome.reply);
    if (modes[index] === 'enforce') return refuse(exchange, outcome);
    reporter.logOf(exchange).warn('a guard in observe mode would have refused', {
      guard: order[index],
      code: outcome.code,
      event: outcome.event,
      requestId: exchange.id,
    });
    return undefined;
  }

  /** The end of every request: limits settled, events written, then the answer. */
  function end(exchange: Exchange, reply: Reply): MaybePromise<Reply> {
    return andThen(desk.settle(exchange, reply.status), (refusal): MaybePromise<Reply> => {
      if (refusal) return refuse(exchange, refusal);
      return andThen(reporter.flush(exchange), () => reply);
    });
  }

  function refuse(exchange: Exchange, refusal: Refusal): MaybePromise<Reply> {
    if (refusal.event) exchange.raise(refusal.event);
    // No error is thrown here, and none is made: its stack would cost more than all the guards.
    return end(exchange, problems.ofCode(refusal.code, exchange.id, refusal.headers ?? [], refusal.errors));
  }

  function guarded<T>(
    exchange: Exchange,
    step: () => MaybePromise<T>,
    onError: (reply: Reply) => T,
  ): MaybePromise<T> {
    try {
      const value = step();
      return isPromise(value)
        ? value.catch((error: unknown) => andThen(fail(exchange, error), onError))
        : value;
    } catch (error) {
      return andThen(fail(exchange, error), onError);
    }
  }

  function enter(exchange: Exchange): MaybePromise<Reply | undefined> {
    return guarded<Reply | undefined>(
      exchange,
      () => run(exchange, 0),
      (reply) => reply,
    );
  }

  function admit<R extends RouteSecurity>(
    exchange: Exchange,
    declared: DeclaredRoute<R> | undefined,
    params: Readonly<Record<string, string>>,
  ): MaybePromise<Admission<HandlerContext<R, P>>> {
    type Result = Admission<HandlerContext<R, P>>;
    const refused = (reply: Reply): Result => ({ admitted: false, reply });
    if (!declared) {
      return guarded<Result>(
        exchange,
        () => andThen(refuse(exchange, undeclared(exchange)), refused),
        refused,
      );
    }
    exchange.route = declared.route;
    return guarded<Result>(
      exchange,
      () =>
        andThen(declared.admit(exchange, params), (outcome): MaybePromise<Result> => {
          if ('refusal' in outcome) return andThen(refuse(exchange, outcome.refusal), refused);
          // The declared route made the context from R's own schemas, and P is what the config's principals are.
          return { admitted: true, context: outcome.context as HandlerContext<R, P> };
        }),
      refused,
    );
  }

  function leave(exchange: Exchange, outcome: Answer | Ended): MaybePromise<Reply> {
    return guarded<Reply>(
      exchange,
      () => {
        const shaped =
          'endedWith' in outcome
            ? { status: outcome.endedWith, headers: [] }
            : shapeAnswer(exchange, outcome, config.policy);
        return andThen(shaped, (reply) => {
          const event = exchange.route?.audit;
          if (event && reply.status < 400)
            exchange.raise({ event, outcome: 'success', target: exchange.path });
          return end(exchange, reply);
        });
      },
      (reply) => reply,
    );
  }

  function fail(exchange: Exchange, error: unknown): MaybePromise<Reply> {
    const gone = exchange.request.signal?.aborted === true;
    const known = toApiError(error, { mappers: config.mapErrors ?? [], gone });
    if (known.status >= 500) {
      reporter.logOf(exchange).error('request failed', {
        error: known.cause ?? known,
        code: known.code,
        requestId: exchange.id,
        method: exchange.request.method,
        path: exchange.path,
      });
      if (known.code === 'INTERNAL_ERROR')
        exchange.raise({ event: 'sys_crash', outcome: 'failure', trail: false });
    }
    const reply = problems.ofError(known, exchange.id);
    const complain = (failure: unknown): Reply => {
      reporter
        .logOf(exchange)
        .error('the end of a request failed', { error: failure, requestId: exchange.id });
      return reply;
    };
    try {
      const ended = end(exchange, reply);
      return isPromise(ended) ? ended.catch(complain) : ended;
    } catch (failure) {
      return complain(failure);
    }
  }

  const operations = createLimitOperations(desk, limits, config.ipv6Prefix ?? 64);
  return {
    order,
    limits: operations,
    open,
    declare: (route) => declareRoute(route, admission),
    enter,
    admit,
    leave,
    fail,
  };
}

function undeclared(exchange: Exchange): Refusal {
  return {
    code: 'ACCESS_UNDECLARED',
    event: {
      event: 'authz_fail',
      outcome: 'denied',
      target: exchange.path,
      details: { reason: 'access_undeclared' },
    },
  };
}
