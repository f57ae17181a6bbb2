import type { ServerResponse } from 'node:http';
import { andThen, errorOfStatus, type MaybePromise, type Reply } from '@secapi/core';
import { SecapiError } from '@secapi/kernel';
import type { Conversation } from './conversation.js';
import { headLate, writeReply } from './response.js';

/**
 * The last line: looks at what goes out by any way that isn't the shield's own, at the moment its head is written.
 *
 * - An answer on a request that no declared route has admitted is replaced: a framework's own 404 or error page by the
 *   problem of that status, everything else by `ACCESS_UNDECLARED`.
 * - An answer on a route with `returns` that did not pass its schema is replaced by a 500, so that it never leaves.
 *
 * What the handler then still writes goes nowhere.
 */
export function gate(response: ServerResponse, conversation: Conversation): void {
  const { shield } = conversation;
  const { writeHead, write, end } = response;
  let open = false;

  /** Whether the write may go out; when not, the refusal goes out in its place. */
  function mayPass(status: number): boolean {
    if (open || conversation.released) return release();
    if (conversation.ended) return false;
    const { exchange } = conversation;
    if (conversation.admitted && exchange.route?.returns === undefined) {
      conversation.ended = true;
      conversation.released = true;
      // The bytes are the handler's own and under way: its events are written beside them, not before.
      void shield.leave(exchange, { endedWith: status });
      release();
      headLate(response, conversation);
      return true;
    }
    const refused = replacement(status, conversation);
    conversation.ended = true;
    silence();
    void andThen(refused, (reply) => {
      release();
      writeReply(response, conversation, reply);
      silence();
    });
    return false;
  }

  function release(): true {
    open = true;
    response.writeHead = writeHead;
    response.write = write;
    response.end = end;
    return true;
  }

  function silence(): void {
    Object.assign(response, { writeHead: () => response, write: () => true, end: () => response });
  }

  // Each has several signatures; what comes in is passed on as it came.
  response.writeHead = function secapiWriteHead(...args: unknown[]) {
    return mayPass(Number(args[0])) ? Reflect.apply(response.writeHead, response, args) : response;
  };
  response.write = function secapiWrite(...args: unknown[]) {
    return mayPass(response.statusCode) ? Reflect.apply(write, response, args) : true;
  };
  response.end = function secapiEnd(...args: unknown[]) {
    return mayPass(response.statusCode) ? Reflect.apply(end, response, args) : response;
  };
}

/** What goes out in place of an answer that no declared route stands for, or that went past its `returns`. */
function replacement(status: number, { exchange, shield, admitted }: Conversation): MaybePromise<Reply> {
  if (status >= 400) return shield.fail(exchange, errorOfStatus(status));
  if (admitted) {
    return shield.fail(
      exchange,
      new SecapiError('ANSWER_MISMATCH', 'the handler answered past the schema in returns'),
    );
  }
  return andThen(shield.admit(exchange, undefined, {}), (admission) => {
    if (!admission.admitted) return admission.reply;
    return shield.fail(exchange, errorOfStatus(500)); // an undeclared route is never admitted
  });
}
