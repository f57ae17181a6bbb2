import { andThen, type MaybePromise, SecapiError } from '@secapi/kernel';
import type { Policy, PolicyContext } from '@secapi/policy';
import { validate } from '@secapi/validation';
import type { Exchange } from './exchange.js';
import { errorOfStatus } from './map-error.js';
import type { Principal } from './principal.js';
import { type Reads, readableOf } from './reads.js';
import type { Answer, Reply } from './reply.js';
import type { Permission } from './route.js';
import { contextOf } from './writes.js';

const json = ['content-type', 'application/json; charset=utf-8'] as const;
const empty = new Set([204, 205, 304]);

/** Statuses that say where else the answer is: they need no body. */
const elsewhere = new Set([301, 302, 303, 307, 308]);

/**
 * An answer as a reply: what the policy lets the principal read, by `reads`, and of that what `returns` declares and nothing else
 * (ASVS v5.0.0-15.3.1), as JSON.
 *
 * Where something is declared, an answer from 400 up becomes the problem of its status: its own body is dropped. A success without a body
 * must be declared as well, or say by its status (204, 205, 304, a redirect) that there is none.
 *
 * @throws ApiError for such a status
 * @throws SecapiError `ANSWER_MISMATCH` when it doesn't match `returns`, or when it is a stream, which nobody can judge before it is sent, or
 * holds a `Secret`; the message names paths, never values
 */
export function shapeAnswer(
  exchange: Exchange,
  { status, headers, body }: Answer,
  policy: Policy<Permission> | undefined,
): MaybePromise<Reply> {
  if (empty.has(status)) return { status, headers };
  const { returns: schema, reads, access } = exchange.route ?? {};
  if (schema || reads) {
    if (status >= 400) throw errorOfStatus(status);
    if (body === undefined && elsewhere.has(status)) return { status, headers };
  } else if (body === undefined) return { status, headers };
  refuseStream(body);
  // Without a policy no route with `reads` was declared; and who may not matter is not asked about.
  const principal = access === 'public' ? undefined : exchange.principal;
  const shown = reads && policy ? viewsIn(body, reads, policy, principal, contextOf(exchange)) : body;
  if (!schema) return shown === undefined ? { status, headers } : serialize(status, headers, shown);
  return andThen(validate(schema, shown, 'answer'), (shaped) => {
    if (!shaped.ok) {
      const where = shaped.issues.map((issue) => `${issue.path || '/'} ${issue.code}`).join(', ');
      throw new SecapiError('ANSWER_MISMATCH', `the answer does not match returns: ${where}`);
    }
    return shaped.value === undefined ? { status, headers } : serialize(status, headers, shaped.value);
  });
}

/** An answer with what the principal may read of each resource in it; all are judged by one context. */
function viewsIn(
  body: unknown,
  reads: Reads,
  policy: Policy<Permission>,
  principal: Principal | undefined,
  context: PolicyContext,
): unknown {
  return readableOf(body, reads, (name, record) => policy.view(principal, name, record, context));
}

/** A stream written as JSON would be its inner state. */
function refuseStream(body: unknown): void {
  if (typeof body !== 'object' || body === null) return;
  const { pipe, getReader } = body as { pipe?: unknown; getReader?: unknown }; // streams of Node and of the web
  if (typeof pipe !== 'function' && typeof getReader !== 'function' && !(Symbol.asyncIterator in body))
    return;
  throw new SecapiError(
    'ANSWER_MISMATCH',
    "the answer is a stream: leave returns out, and send it by the framework's own means",
  );
}

function serialize(status: number, headers: Reply['headers'], body: unknown): Reply {
  const typed = headers.some(([name]) => name === 'content-type');
  if (typed && (typeof body === 'string' || body instanceof Uint8Array)) return { status, headers, body };
  const text = JSON.stringify(body);
  if (text === undefined)
    throw new SecapiError('ANSWER_MISMATCH', 'the answer is not a value that JSON can hold');
  if (text.includes('[secret]') && holdsSecret(body))
    throw new SecapiError('ANSWER_MISMATCH', 'the answer holds a Secret: leave it out, or reveal what it is');
  return {
    status,
    headers: typed ? headers : headers.length > 0 ? [...headers, json] : jsonOnly,
    body: text,
  };
}

/** Whether a value that JSON could hold has a `Secret` of `@secapi/secrets` in it; of that only its printed form is known here. */
function holdsSecret(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Object.prototype.toString.call(value) === '[object secret]') return true;
  return Object.values(value).some(holdsSecret);
}

const jsonOnly: Reply['headers'] = [json];
