import type { DeclaredRoute } from '@secapi/core';
import { declaredOf } from '@secapi/node';
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import createRouter, { type HTTPMethod } from 'find-my-way';

/** The routes of an application, as they were added. */
export interface WatchedRoutes {
  /** The declared route that a request matched. */
  declared(request: FastifyRequest): DeclaredRoute | undefined;
  /** Whether a request matched a route at all; an empty segment is no parameter, whatever Fastify's router says. */
  matched(request: FastifyRequest): boolean;
  /** The methods of the routes that take a path, for 405 and `Allow`. */
  allowedMethods(path: string): Set<string>;
  /** Whether a route takes a target but for a parameter that is longer than Fastify's router lets any be. */
  tooLong(method: string, target: string): boolean;
}

const key: unique symbol = Symbol('secapi.route');

/** Notes for every route that is added from now on whether it declares access. */
export function watchRoutes(app: FastifyInstance): WatchedRoutes {
  const { maxParamLength: given, routerOptions } = app.initialConfig;
  const maxParamLength = routerOptions?.maxParamLength ?? given ?? 100; // as Fastify has it
  const router = createRouter({ maxParamLength, onMaxParamLength: () => {} });
  const methods = new Set<HTTPMethod>();

  app.addHook('onRoute', function note(options) {
    const declared = find(options);
    if (declared)
      options.config = { ...options.config, [key]: declared } as NonNullable<RouteOptions['config']>;
    for (const method of [options.method].flat() as HTTPMethod[]) {
      methods.add(method);
      if (!router.hasRoute(method, options.url)) router.on(method, options.url, () => {}, ours);
    }
  });

  function declared(request: FastifyRequest): DeclaredRoute | undefined {
    return (request.routeOptions.config as { [key]?: DeclaredRoute })[key];
  }

  function allowedMethods(path: string): Set<string> {
    return new Set(
      [...methods].filter((method) => {
        const found = router.find(method, path);
        return found?.store === ours && isMatch(found.params);
      }),
    );
  }

  function matched(request: FastifyRequest): boolean {
    return !request.is404 && isMatch(request.params as Record<string, string | undefined>); // Fastify's are texts
  }

  function tooLong(method: string, target: string): boolean {
    if (target.length <= maxParamLength) return false;
    const found = router.find(method as HTTPMethod, target.split('?', 1)[0] ?? '');
    return found !== null && found.store !== ours;
  }

  return { declared, matched, allowedMethods, tooLong };
}

/** Stands with every route that was added: what the router finds without it is its own answer to a parameter that is too long. */
const ours: object = Object.freeze({});

function isMatch(params: Readonly<Record<string, string | undefined>> | undefined): boolean {
  if (!params) return false;
  for (const name in params) if (params[name] === '' && name !== '*') return false;
  return true;
}

/** The first handler that `protect()` made, of the route itself or of its hooks. */
function find(options: RouteOptions): DeclaredRoute | undefined {
  const hooks = [options.onRequest, options.preParsing, options.preValidation, options.preHandler].flat();
  return [options.handler, ...hooks].map(declaredOf).find((declared) => declared !== undefined);
}
