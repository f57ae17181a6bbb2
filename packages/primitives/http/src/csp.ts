import { ConfigError, checkOptions } from '@secapi/kernel';
import { checkSources } from './internal/csp-source.js';

const sourceLists = [
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
const tokenLists = [
  'report-to',
  'report-uri',
  'require-trusted-types-for',
  'sandbox',
  'trusted-types',
] as const;
const flags = ['upgrade-insecure-requests'] as const;

type Camel<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : Name;
type ListName = (typeof sourceLists)[number] | (typeof tokenLists)[number];
type FlagName = (typeof flags)[number];

/**
 * Directives of a Content-Security-Policy (CSP3), by name or in camel case: `'img-src'` or `imgSrc`.
 *
 * A list holds sources as the policy spells them: keywords in single quotes (`"'self'"`), schemes with a colon
 * (`'data:'`), hosts. `upgradeInsecureRequests` is `true`.
 */
export type CspDirectives = {
  readonly [Name in ListName | Camel<ListName>]?: readonly string[];
} & {
  readonly [Name in FlagName | Camel<FlagName>]?: true;
};

/** What a policy says where the user's directives don't: nothing is loaded, framed, or sent anywhere. */
const base: readonly (readonly [string, readonly string[]])[] = [
  ['default-src', ["'none'"]],
  ['base-uri', ["'none'"]],
  ['form-action', ["'none'"]],
  ['frame-ancestors', ["'none'"]],
];
const sources: ReadonlySet<string> = new Set(sourceLists);
const tokens: ReadonlySet<string> = new Set(tokenLists);

/** A compiled policy. */
export interface CompiledCsp {
  readonly value: string;
  /** Who may frame, for the header that older browsers know. */
  readonly frameAncestors: readonly string[];
}

/**
 * Compiles a policy over the base of an API.
 *
 * @throws ConfigError on an unknown directive, a source that no browser understands, or one that lets scripts in
 */
export function compileCsp(
  option: string,
  directives: CspDirectives,
  allowUnsafeScripts: boolean,
): CompiledCsp {
  checkOptions(option, directives, Object.keys(directives));
  const policy = new Map<string, readonly string[]>(base);
  const given = new Set<string>();
  for (const [key, list] of Object.entries(directives)) {
    if (list === undefined) continue;
    const name = key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    if (given.has(name)) throw new ConfigError(`${option}.${key}`, 'is given twice', `keep one '${name}'`);
    given.add(name);
    policy.set(name, checkDirective(`${option}.${key}`, name, list, allowUnsafeScripts));
  }
  // Plugins fall back to default-src; whoever opens that means scripts and images, not them (ASVS v5.0.0-3.4.3).
  if (given.has('default-src') && !given.has('object-src')) policy.set('object-src', ["'none'"]);
  if (!policy.has('script-src')) {
    checkSources(`${option}.defaultSrc`, policy.get('default-src') ?? [], !allowUnsafeScripts);
  }
  const value = [...policy].map(([name, list]) => [name, ...list].join(' ')).join('; ');
  if (value.length > 4_096) {
    throw new ConfigError(
      option,
      `has ${value.length} characters, more than proxies take`,
      'name fewer sources',
    );
  }
  return { value, frameAncestors: policy.get('frame-ancestors') ?? [] };
}

function checkDirective(
  option: string,
  name: string,
  list: unknown,
  allowUnsafeScripts: boolean,
): readonly string[] {
  if (name === 'upgrade-insecure-requests') {
    if (list === true) return [];
    throw new ConfigError(option, 'takes no sources', 'write true, or leave it out');
  }
  if (!sources.has(name) && !tokens.has(name)) {
    throw new ConfigError(
      option,
      'is not a directive of CSP3',
      `use one of ${[...sources, ...tokens].join(', ')}`,
    );
  }
  if (!Array.isArray(list)) throw new ConfigError(option, 'is not a list', `write ["'self'"]`);
  if (sources.has(name))
    return checkSources(option, list, name.startsWith('script-src') && !allowUnsafeScripts);
  for (const [i, value] of list.entries()) {
    if (typeof value !== 'string' || !/^[!-+.-:<-~]+$/.test(value)) {
      throw new ConfigError(
        `${option}[${i}]`,
        'is not a value',
        'use one word without spaces, commas and semicolons',
      );
    }
  }
  if (name !== 'sandbox' && list.length === 0) throw new ConfigError(option, 'is empty', 'leave it out');
  return list as readonly string[]; // every element was seen to be a string
}
