import type { FastifyInstance } from 'fastify';

type Add = (
  this: FastifyInstance,
  types: string | RegExp | readonly (string | RegExp)[],
  ...rest: unknown[]
) => FastifyInstance;

/**
 * Takes every parser of bodies out, and those that the application and its plugins add later: core reads the bytes itself, bounded, once access
 * is granted. A second parser could read another media type or another value than the one that is judged.
 */
export function standAside(app: FastifyInstance): void {
  const nothing = (_request: unknown, _payload: unknown, done: (error: null) => void): void => done(null);
  app.removeAllContentTypeParsers();
  // It has a dozen signatures, of which the types alone matter here. Children of the instance inherit it.
  const instance = app as unknown as { addContentTypeParser: Add };
  const add = instance.addContentTypeParser;
  instance.addContentTypeParser = function addNothing(types) {
    return add.call(this, types, nothing);
  };
  app.addContentTypeParser('*', nothing);
}
