import type { Faults } from './faults.js';

/**
 * A client of which each call is a step that can fail: for Redis, a key-value store, an HTTP API. Methods that are not named work as ever.
 *
 * @param methods the names of the methods that return promises and reach the server, for example `['get', 'set', 'eval']`
 */
export function faultyClient<Client extends object>(
  client: Client,
  faults: Pick<Faults, 'step'>,
  methods: readonly (keyof Client & string)[],
): Client {
  const names = new Set<PropertyKey>(methods);
  return new Proxy(client, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      const call = (...values: unknown[]): unknown => Reflect.apply(value, target, values);
      return names.has(name) ? (...values: unknown[]) => faults.step(async () => call(...values)) : call;
    },
  });
}
