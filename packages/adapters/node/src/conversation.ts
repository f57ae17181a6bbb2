import type { IncomingMessage } from 'node:http';
import type { Exchange, Principal, Shield } from '@secapi/core';

/** What an adapter remembers of one request: it lives on the request itself, and goes with it. */
export interface Conversation {
  readonly exchange: Exchange;
  readonly shield: Shield;
  /** Whether a declared route has admitted the request. */
  admitted: boolean;
  /** Whether that route stands before a whole scope, and not on one matched route. */
  scope: boolean;
  /** Whether the request has reached a matched route. */
  matched: boolean;
  /** Whether the answer was decided: nothing that a handler writes after that goes out. */
  ended: boolean;
  /** Whether the decided answer is being written. */
  released: boolean;
}

const key: unique symbol = Symbol('secapi.conversation');

/** Ties an exchange to its request. */
export function converse<P extends Principal>(
  request: IncomingMessage,
  exchange: Exchange,
  shield: Shield<P>,
): Conversation {
  // Whoever the principals are, a conversation only calls the verbs that don't look at them.
  const conversation: Conversation = {
    exchange,
    shield: shield as Shield,
    admitted: false,
    scope: false,
    matched: false,
    ended: false,
    released: false,
  };
  (request as IncomingMessage & { [key]?: Conversation })[key] = conversation; // the symbol is ours alone
  return conversation;
}

/** The conversation of a request, or `undefined` when no shield has seen it. */
export function conversationOf(request: IncomingMessage): Conversation | undefined {
  return (request as IncomingMessage & { [key]?: Conversation })[key];
}
