import { ConfigError } from '@secapi/kernel';
import type { Hiding } from '../hiding.js';

/** A place in the tree of hidden paths. */
export interface PathNode {
  readonly children: Map<string, PathNode>;
  how?: Hiding;
}

/** Where a walk stands in the tree: several places at once, because of `*`; `undefined` is nowhere. */
export type Places = readonly PathNode[] | undefined;

/** Compiles paths such as `user.email` or `items[*].iban`, in which `*` stands for any one key or index. */
export function compilePaths(paths: readonly (readonly [string, Hiding])[]): Places {
  const root: PathNode = { children: new Map() };
  for (const [path, how] of paths) {
    const parts = path.replace(/\[([^[\]]{1,64})\]/g, '.$1').split('.');
    if (parts[0] === '') parts.shift();
    if (parts.length === 0 || parts.length > 32 || parts.some((part) => /^$|[[\]]/.test(part))) {
      throw new ConfigError(
        'redactor.paths',
        `have '${path.slice(0, 64)}', which is not a path`,
        "write 'user.email' or 'items[*].iban'",
      );
    }
    let node = root;
    for (const part of parts) {
      const next: PathNode = node.children.get(part) ?? { children: new Map() };
      node.children.set(part, next);
      node = next;
    }
    node.how = how;
  }
  return paths.length === 0 ? undefined : [root];
}

/** The places one key further on. */
export function step(places: Places, key: string): Places {
  const next = places?.flatMap(({ children }) => [children.get(key) ?? [], children.get('*') ?? []].flat());
  return next && next.length > 0 ? next : undefined;
}

/** How a path that ends here hides, if one does. */
export function howAt(places: Places): Hiding | undefined {
  return places?.find(({ how }) => how)?.how;
}
