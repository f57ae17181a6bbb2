import { ConfigError } from '@secapi/kernel';

/** A place in the tree of masked paths. */
export interface PathNode {
  readonly children: Map<string, PathNode>;
  masks: boolean;
}

/** Where a walk stands in the tree: several places at once, because of `*`; `undefined` is nowhere. */
export type Places = readonly PathNode[] | undefined;

/** Compiles paths such as `user.email` or `items[*].iban`, in which `*` stands for any one key or index. */
export function compilePaths(option: string, paths: readonly string[]): Places {
  const root: PathNode = { children: new Map(), masks: false };
  for (const [i, path] of paths.entries()) {
    const parts = typeof path === 'string' ? path.replace(/\[([^[\]]{1,64})\]/g, '.$1').split('.') : [];
    if (parts[0] === '') parts.shift();
    if (parts.length === 0 || parts.length > 32 || parts.some((part) => part === '' || /[[\]]/.test(part))) {
      throw new ConfigError(`${option}[${i}]`, 'is not a path', "write 'user.email' or 'items[*].iban'");
    }
    let node = root;
    for (const part of parts) {
      const next: PathNode = node.children.get(part) ?? { children: new Map(), masks: false };
      node.children.set(part, next);
      node = next;
    }
    node.masks = true;
  }
  return paths.length === 0 ? undefined : [root];
}

/** The places one key further on. */
export function step(places: Places, key: string): Places {
  if (places === undefined) return undefined;
  const next: PathNode[] = [];
  for (const { children } of places) {
    const exact = children.get(key);
    const any = children.get('*');
    if (exact) next.push(exact);
    if (any) next.push(any);
  }
  return next.length === 0 ? undefined : next;
}

/** Whether a path ends here. */
export function masks(places: Places): boolean {
  return places?.some((place) => place.masks) ?? false;
}
