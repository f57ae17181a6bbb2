import type { IncomingMessage, ServerResponse } from 'node:http';
import { andThen } from '@secapi/core';
import { conversationOf, declaredOf, writeReply } from '@secapi/node';
import express from 'express';

interface Layer {
  readonly method?: string;
  readonly handle: unknown;
}

/** The part of Express's route that is looked at here; its types leave it out. */
interface RouteLike {
  readonly stack: readonly Layer[];
  readonly methods: Readonly<Record<string, boolean>>;
}

type Dispatch = (
  this: RouteLike,
  request: IncomingMessage,
  response: ServerResponse,
  done: (error?: unknown) => void,
) => void;

let patched = false;

/**
 * Refuses a route that `protect()` doesn't stand first on, before any of its handlers runs.
 *
 * Every router of Express, nested or mounted, dispatches a matched route here, and nowhere else; so it holds for routes
 * that are added later, for parameters, patterns and HEAD. Applications without a shield are left as they are.
 */
export function refuseUndeclared(): void {
  if (patched) return;
  patched = true;
  const { prototype } = (express as unknown as { Route: { prototype: { dispatch: Dispatch } } }).Route; // its types leave it out
  const dispatch = prototype.dispatch;
  prototype.dispatch = function secapiDispatch(request, response, done): void {
    const conversation = conversationOf(request);
    if (conversation) conversation.matched = true;
    if (!conversation || conversation.scope || declares(this, request.method ?? 'GET')) {
      dispatch.call(this, request, response, done);
      return;
    }
    void andThen(conversation.shield.admit(conversation.exchange, undefined, {}), (admission) => {
      if (!admission.admitted) writeReply(response, conversation, admission.reply);
    });
  };
}

/** Whether the first handler that a route has for a method admits the request itself. */
export function declares(route: RouteLike, method: string): boolean {
  const wanted = method.toLowerCase();
  const name = wanted === 'head' && !route.methods.head ? 'get' : wanted;
  const first = route.stack.find((layer) => layer.method === undefined || layer.method === name);
  return first !== undefined && declaredOf(first.handle) !== undefined;
}
