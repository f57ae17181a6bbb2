import { ConfigError, checkOptions } from '@secapi/kernel';
import type { Directive, flags, sourceLists, tokenLists } from './internal/csp-directives.js';

type Camel<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : Name;
type ListName = (typeof sourceLists)[number] | (typeof tokenLists)[number];
type FlagName = (typeof flags)[number];

/**
 * Directives of a Content-Security-Policy (CSP3), by name or in camel case: `'img-src'` or `imgSrc`.
 *
 * A list holds sources as the policy spells them: keywords in single quotes (`"'self'"`), schemes with a colon
 * (`'data:'`), hosts. `"'nonce'"` stands for the nonce of each response. `upgradeInsecureRequests` is `true`.
 */
export type CspDirectives = {
  readonly [Name in ListName | Camel<ListName>]?: readonly string[];
} & {
  readonly [Name in FlagName | Camel<FlagName>]?: true;
};

/** A directive and the option that it was written with. */
export interface GivenDirective extends Directive {
  readonly key: string;
}

/**
 * Directives as a policy holds them, in order; what is undefined is left out.
 *
 * @throws ConfigError for what is no list of texts
 */
export function directivesOf(option: string, directives: CspDirectives): GivenDirective[] {
  checkOptions(option, directives, Object.keys(directives));
  const given: GivenDirective[] = [];
  for (const [key, list] of Object.entries(directives) as [string, unknown][]) {
    if (list === undefined) continue;
    const name = key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    given.push({ key, name, values: valuesOf(`${option}.${key}`, name, list) });
  }
  return given;
}

function valuesOf(option: string, name: string, list: unknown): readonly string[] {
  if (name === 'upgrade-insecure-requests' || name === 'block-all-mixed-content') {
    if (list === true) return [];
    throw new ConfigError(option, 'takes no sources', 'write true, or leave it out');
  }
  if (!Array.isArray(list)) throw new ConfigError(option, 'is not a list', `write ["'self'"]`);
  for (const [i, source] of list.entries()) {
    if (typeof source !== 'string') {
      throw new ConfigError(
        `${option}[${i}]`,
        'is not a text',
        `write it like "'self'" or 'https://cdn.example'`,
      );
    }
  }
  return list as readonly string[]; // every element was seen to be a string
}
