import type { DeclaredRoute } from '@secapi/core';

const key: unique symbol = Symbol('secapi.declared');

/** Marks a handler as one that admits the request itself, with the route that it stands for. */
export function markDeclared<H extends object>(handler: H, declared: DeclaredRoute): H {
  return Object.defineProperty(handler, key, { value: declared });
}

/** The declared route of a handler made by `protect()`, or `undefined` for any other. */
export function declaredOf(handler: unknown): DeclaredRoute | undefined {
  return typeof handler === 'function' ? (handler as { [key]?: DeclaredRoute })[key] : undefined;
}
