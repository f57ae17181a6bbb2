/** Directives that hold sources (CSP3 §6). */
export const sourceLists = [
  'default-src',
  'base-uri',
  'child-src',
  'connect-src',
  'fenced-frame-src',
  'font-src',
  'form-action',
  'frame-ancestors',
  'frame-src',
  'img-src',
  'manifest-src',
  'media-src',
  'object-src',
  'script-src',
  'script-src-attr',
  'script-src-elem',
  'style-src',
  'style-src-attr',
  'style-src-elem',
  'worker-src',
] as const;

/** Directives that hold words of their own. */
export const tokenLists = [
  'report-to',
  'report-uri',
  'require-trusted-types-for',
  'sandbox',
  'trusted-types',
] as const;

/** Directives that hold nothing. */
export const flags = ['upgrade-insecure-requests'] as const;

/** Directives that browsers have dropped, and what to do instead. */
export const dropped: ReadonlyMap<string, string> = new Map([
  ['block-all-mixed-content', 'leave it out: browsers block mixed content without it'],
  ['navigate-to', 'leave it out: no browser has it'],
  ['plugin-types', "leave it out, and write object-src 'none'"],
  ['prefetch-src', 'leave it out: default-src decides'],
  ['referrer', 'send the header Referrer-Policy'],
  ['reflected-xss', 'leave it out: no browser has it'],
  ['require-sri-for', 'leave it out: no browser has it'],
]);

export const withSources: ReadonlySet<string> = new Set(sourceLists);
const withTokens: ReadonlySet<string> = new Set(tokenLists);
export const withNothing: ReadonlySet<string> = new Set(flags);

/** Whether a name is a directive of CSP3, or was one. */
export function isDirective(name: string): boolean {
  return withSources.has(name) || withTokens.has(name) || withNothing.has(name) || dropped.has(name);
}

/** One directive of a policy as it stands, its name in lower case. */
export interface Directive {
  readonly name: string;
  readonly values: readonly string[];
}
