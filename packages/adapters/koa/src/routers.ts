import { conversationOf, declaredOf, writeReply } from '@secapi/node';
import type Koa from 'koa';

/** The part of `@koa/router` that is looked at here: what `app.use(router.routes())` leaves on the middleware. */
interface RouterLike {
  match(path: string, method: string): Matched;
}

interface Matched {
  readonly path: readonly LayerLike[];
  readonly pathAndMethod: LayerLike[];
}

interface LayerLike {
  readonly methods: readonly string[];
  readonly stack: readonly Koa.Middleware[];
}

/** The routers of an application, kept guarded. */
export interface GuardedRouters {
  /** Guards the routers that were added since the last time. */
  guard(): void;
  /** The methods of the routes that take a path, for 405 and `Allow`. */
  allowedMethods(path: string): Set<string>;
}

/**
 * Makes every router of an application refuse the matched routes that `protect()` doesn't stand first on. It asks the
 * router's own `match`, and so holds for nested routers, prefixes, parameters, patterns, HEAD and routes added later.
 */
export function guardRouters(app: Koa): GuardedRouters {
  const routers = new Set<RouterLike>();
  let seen = 0;

  function guard(): void {
    for (; seen < app.middleware.length; seen++) {
      const router = (app.middleware[seen] as { router?: RouterLike }).router;
      if (!router || routers.has(router)) continue;
      routers.add(router);
      const match = router.match.bind(router);
      router.match = function secapiMatch(path, method) {
        const matched = match(path, method);
        for (const [i, layer] of matched.pathAndMethod.entries()) {
          if (layer.methods.length > 0) matched.pathAndMethod[i] = guardedLayer(layer);
        }
        return matched;
      };
    }
  }

  function allowedMethods(path: string): Set<string> {
    const methods = new Set<string>();
    for (const router of routers) {
      for (const layer of router.match(path, 'OPTIONS').path)
        for (const method of layer.methods) methods.add(method);
    }
    return methods;
  }

  return { guard, allowedMethods };
}

const copies = new WeakMap<
  LayerLike,
  { readonly stack: readonly Koa.Middleware[]; readonly size: number; readonly copy: LayerLike }
>();

/** A copy of a layer with its stack guarded, kept as long as the stack stays what it was; the router keeps the layer itself. */
function guardedLayer(layer: LayerLike): LayerLike {
  const { stack } = layer;
  const known = copies.get(layer);
  if (known && known.stack === stack && known.size === stack.length) return known.copy;
  const copy: LayerLike = Object.create(layer, { stack: { value: guarded(stack) } });
  copies.set(layer, { stack, size: stack.length, copy });
  return copy;
}

function guarded(stack: readonly Koa.Middleware[]): readonly Koa.Middleware[] {
  return declaredOf(stack[0]) ? [matched, ...stack] : [matched, refuse, ...stack];
}

function matched(ctx: Koa.Context, next: Koa.Next): Promise<void> {
  const conversation = conversationOf(ctx.req);
  if (conversation) conversation.matched = true;
  return next();
}

async function refuse(ctx: Koa.Context, next: Koa.Next): Promise<void> {
  const conversation = conversationOf(ctx.req);
  if (!conversation || conversation.scope) return next();
  const admission = await conversation.shield.admit(conversation.exchange, undefined, {});
  if (admission.admitted) return;
  ctx.respond = false;
  writeReply(ctx.res, conversation, admission.reply);
}
