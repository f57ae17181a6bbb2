/** The frameworks that are measured. */
export const frameworks = ['express', 'fastify', 'koa'] as const;
export type Framework = (typeof frameworks)[number];

/**
 * What stands before the same two routes.
 *
 * - `bare`: the framework and, for POST, its usual body parser.
 * - `floor`: the least work that could do it, by hand.
 * - `written`: the peers as an article's reader puts them together.
 * - `tuned`: the same with the secret as a KeyObject; on Fastify, which needs none, with fast-jwt's cache on.
 * - `secapi`: all that `recommended()` turns on, tokens signed with EdDSA, its default.
 * - `secapi-hs256`: the same with the peers' algorithm.
 */
export const stacks = ['bare', 'floor', 'written', 'tuned', 'secapi', 'secapi-hs256'] as const;
export type Stack = (typeof stacks)[number];

export function isFramework(text: string | undefined): text is Framework {
  return frameworks.some((name) => name === text);
}

export function isStack(text: string | undefined): text is Stack {
  return stacks.some((name) => name === text);
}

/** Whether a stack knows which requests to refuse. */
export function isGuarded(stack: Stack): boolean {
  return stack !== 'bare';
}

export function isSecapi(stack: Stack): boolean {
  return stack.startsWith('secapi');
}
