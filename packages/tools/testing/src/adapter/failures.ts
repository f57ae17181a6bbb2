/** Something that a handler throws, and what is answered to it. Whatever it holds, `canary` and `/srv/` stand for what nobody may see. */
export interface Failure {
  readonly what: string;
  readonly status: number;
  readonly code: string;
  make(): unknown;
}

/** The constraint whose violation the application of the suite answers, by its own code. */
export const declaredConstraint = 'items_name_key';

const secret = 'canary password=canary-hunter2 at /srv/app/db.js:12:3 SELECT canary FROM users';

function failure(what: string, make: () => unknown, status = 500, code = 'INTERNAL_ERROR'): Failure {
  return { what, status, code, make };
}

function having(properties: object, message = secret): Error {
  return Object.assign(new Error(message), properties);
}

/** An error as the driver `pg` makes it. */
function ofPostgres(code: string, more: object = {}): Error {
  const detail = 'Key (email)=(canary@example.org) already exists.';
  return having({ severity: 'ERROR', code, detail, table: 'canary', schema: 'canary', ...more });
}

const hidden = { name: 'canary', message: secret, stack: secret };

/** What handlers throw, on purpose or not: errors with causes, getters, proxies and statuses of libraries, and no errors at all. */
export const failures: readonly Failure[] = [
  failure('an error', () => new Error(secret)),
  failure('an error with a cause', () => new Error(secret, { cause: new Error(secret, { cause: secret }) })),
  failure('an error that is its own cause', () => {
    const error = new Error(secret);
    error.cause = error;
    return error;
  }),
  failure('many errors in one', () => new AggregateError([new Error(secret), secret], secret)),
  failure('an error with a toJSON', () => having({ toJSON: () => ({ canary: secret }) })),
  failure('an error with getters that throw', () => {
    const getter = {
      get(): never {
        throw new Error(secret);
      },
    };
    const keys = ['status', 'statusCode', 'code', 'expose', 'name', 'cause', 'message', 'stack', 'headers'];
    return Object.create(Error.prototype, Object.fromEntries(keys.map((key) => [key, getter])));
  }),
  failure('a proxy that throws at every touch', () => {
    const traps = ['get', 'has', 'getPrototypeOf', 'ownKeys', 'getOwnPropertyDescriptor'];
    const trap = (): never => {
      throw new Error(secret);
    };
    return new Proxy(new Error(secret), Object.fromEntries(traps.map((name) => [name, trap])));
  }),
  failure('a proxy that was revoked', () => {
    const { proxy, revoke } = Proxy.revocable(new Error(secret), {});
    revoke();
    return proxy;
  }),
  failure('a text', () => secret),
  failure('a number', () => 404),
  failure('nothing', () => undefined),
  failure('null', () => null),
  failure('false', () => false),
  failure('a symbol', () => Symbol(secret)),
  failure('a bigint', () => 42n),
  failure('a function', () => () => secret),
  failure('an object', () => ({ ...hidden, toString: () => secret })),
  failure('an object without a prototype', () => Object.assign(Object.create(null), hidden)),
  failure('a list', () => [secret]),
  failure('a frozen error with symbols', () => Object.freeze(having({ [Symbol.for(secret)]: secret }))),
  failure('an answer that was thrown', () => ({ status: 200, headers: { canary: secret }, body: secret })),
  failure('a response of fetch', () => new Response(secret, { status: 418 })),
  failure("an upstream's error with a status", () => having({ status: 403, response: { data: secret } })),
  failure("an upstream's error with a statusCode", () => having({ statusCode: 401, body: secret })),
  failure('a status that is none', () => having({ status: 200, statusCode: 200, expose: true })),
  failure('a status that is a text', () => having({ status: '404', expose: true })),
  failure('a validation of its own data', () =>
    having({ name: 'ValiError', issues: [{ message: secret, received: secret }] }),
  ),
  failure("a look-alike of secapi's", () => having({ code: 'HASHING_BUSY' })),
  failure('an unknown constraint', () => ofPostgres('23505', { constraint: 'canary_key' })),
  failure('a syntax error of a statement', () => ofPostgres('42601')),
  failure('a full stack', () => {
    const deep = (): unknown => deep();
    try {
      return deep();
    } catch (error) {
      return error;
    }
  }),
  failure(
    'http-errors, meant for the client',
    () => having({ status: 404, statusCode: 404, expose: true, headers: { canary: secret } }),
    404,
    'NOT_FOUND',
  ),
  failure('http-errors, not meant for it', () => having({ status: 500, statusCode: 500, expose: false })),
  failure(
    'http-errors, not now',
    () => having({ status: 503, statusCode: 503, expose: false }),
    503,
    'UNAVAILABLE',
  ),
  failure(
    'a status that has no code here',
    () => having({ status: 418, expose: true }),
    418,
    'REQUEST_REFUSED',
  ),
  failure(
    "a body parser's syntax error",
    () => Object.assign(new SyntaxError(secret), { status: 400, body: secret, type: 'entity.parse.failed' }),
    400,
    'REQUEST_INVALID',
  ),
  failure(
    'a body that is too large',
    () => having({ status: 413, expose: true, type: 'entity.too.large' }),
    413,
    'BODY_TOO_LARGE',
  ),
  failure(
    'a file that is too large',
    () => having({ name: 'MulterError', code: 'LIMIT_FILE_SIZE', field: 'canary' }),
    413,
    'BODY_TOO_LARGE',
  ),
  failure(
    "Fastify's validation",
    () => having({ code: 'FST_ERR_VALIDATION', statusCode: 400, validation: [{ message: secret }] }),
    422,
    'VALIDATION_FAILED',
  ),
  failure(
    'a declared constraint',
    () => ofPostgres('23505', { constraint: declaredConstraint }),
    409,
    'NAME_TAKEN',
  ),
  failure(
    'a declared constraint as a cause',
    () => new Error(secret, { cause: ofPostgres('23505', { constraint: declaredConstraint }) }),
    409,
    'NAME_TAKEN',
  ),
  ...[
    ['a statement that took too long', ofPostgres('57014')],
    ['a lock that was not to be had', ofPostgres('55P03')],
    ['too many connections', ofPostgres('53300')],
    ['a deadlock', ofPostgres('40P01')],
    ['a database that stops', ofPostgres('57P01')],
    ['a pool without a free connection', new Error('timeout exceeded when trying to connect')],
    ['a Redis that does not answer', new Error('Command timed out')],
    ['a connection that is refused', having({ code: 'ECONNREFUSED', address: 'canary', syscall: 'connect' })],
    [
      'an upstream that is late',
      new TypeError('canary', { cause: having({ code: 'UND_ERR_HEADERS_TIMEOUT' }) }),
    ],
    ['a timeout of a signal', new DOMException(secret, 'TimeoutError')],
  ].map(([what, error]) => failure(String(what), () => error, 503, 'UNAVAILABLE')),
];
