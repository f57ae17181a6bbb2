import type { Application } from 'express';
import { declares } from './undeclared.js';

interface RouteLike {
  readonly path: string | RegExp | readonly (string | RegExp)[];
  readonly stack: readonly { readonly method?: string; readonly handle: unknown }[];
  readonly methods: Readonly<Record<string, boolean>>;
}

/** The part of Express's layers that is looked at here; its types leave it out. */
interface LayerLike {
  readonly route?: RouteLike;
  readonly handle: { readonly stack?: readonly LayerLike[] };
  match(path: string): false | { readonly path: string };
}

/** The methods of the routes that take a path, for 405 and `Allow`; routers are looked into, mounted applications are not. */
export function allowedMethods(app: Application, path: string): Set<string> {
  const methods = new Set<string>();
  collect(stackOf(app), path, methods);
  return methods;
}

/** Every route of an application, and of its routers, that declares no access, as `GET /path`. */
export function undeclaredRoutes(app: Application): string[] {
  const found: string[] = [];
  visit(stackOf(app), (route) => {
    for (const method of Object.keys(route.methods)) {
      if (!declares(route, method))
        found.push(`${method === '_all' ? 'ALL' : method.toUpperCase()} ${String(route.path)}`);
    }
  });
  return found;
}

function stackOf(app: Application): readonly LayerLike[] {
  return (app as unknown as { router: { stack: readonly LayerLike[] } }).router.stack;
}

function collect(stack: readonly LayerLike[], path: string, methods: Set<string>): void {
  for (const layer of stack) {
    const nested = layer.handle.stack;
    if (!layer.route && !nested) continue;
    const match = matchOf(layer, path);
    if (!match) continue;
    if (layer.route) for (const method of Object.keys(layer.route.methods)) methods.add(method.toUpperCase());
    else if (nested) collect(nested, path.slice(match.path.length) || '/', methods);
  }
}

function matchOf(layer: LayerLike, path: string): false | { readonly path: string } {
  try {
    return layer.match(path);
  } catch {
    return false; // a parameter that can't be decoded is no known path
  }
}

function visit(stack: readonly LayerLike[], each: (route: RouteLike) => void): void {
  for (const layer of stack) {
    if (layer.route) each(layer.route);
    else if (layer.handle.stack) visit(layer.handle.stack, each);
  }
}
