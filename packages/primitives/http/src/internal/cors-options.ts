import { ConfigError, checkOptions } from '@secapi/kernel';
import type { CorsOptions } from '../cors.js';
import { compileOrigins, type OriginSet } from './origin-set.js';
import { isToken } from './token.js';

const known = [
  'origins',
  'originAllowed',
  'originLookup',
  'methods',
  'headers',
  'exposedHeaders',
  'credentials',
  'maxAge',
  'allowPrivateNetwork',
  'dangerouslyAllowAnyOrigin',
];

/**
 * Checks who may, and that no combination lets every site act as the users.
 *
 * @throws ConfigError
 */
export function checkCors(options: CorsOptions): { readonly any: boolean; readonly origins: OriginSet } {
  checkOptions('cors', options, known);
  const { credentials, allowPrivateNetwork, dangerouslyAllowAnyOrigin, originAllowed, originLookup } =
    options;
  for (const [name, flag] of Object.entries({
    credentials,
    allowPrivateNetwork,
    dangerouslyAllowAnyOrigin,
  })) {
    if (flag !== undefined && typeof flag !== 'boolean')
      throw new ConfigError(`cors.${name}`, 'is not a boolean', 'write true or false');
  }
  const any = dangerouslyAllowAnyOrigin === true;
  if (any && credentials) {
    throw new ConfigError(
      'cors.credentials',
      'can not go with any origin: every site could act as your users',
      'list cors.origins instead of dangerouslyAllowAnyOrigin',
    );
  }
  if (any && allowPrivateNetwork) {
    throw new ConfigError(
      'cors.allowPrivateNetwork',
      'can not go with any origin: every site could reach into your network',
      'list cors.origins instead of dangerouslyAllowAnyOrigin',
    );
  }
  const given: unknown = options.origins;
  if (Array.isArray(given) ? given.includes('*') : given === '*') {
    throw new ConfigError(
      'cors.origins',
      "is a wildcard, '*'",
      "list each origin like ['https://app.example'], or for public data alone write origins: [] and dangerouslyAllowAnyOrigin: true",
    );
  }
  const origins = compileOrigins('cors.origins', given);
  if (any && (origins.exact.length > 0 || origins.hasPatterns || originAllowed !== undefined)) {
    throw new ConfigError(
      'cors.origins',
      'says nothing beside dangerouslyAllowAnyOrigin',
      'keep one of the two',
    );
  }
  if (originLookup !== undefined && originAllowed === undefined) {
    throw new ConfigError('cors.originLookup', 'stands without originAllowed', 'give both, or neither');
  }
  return { any, origins };
}

/** A list of methods. @throws ConfigError */
export function methodsOf(option: string, list: unknown): readonly string[] {
  const methods = namesOf(option, list);
  for (const [i, method] of methods.entries()) checkMethod(`${option}[${i}]`, method);
  return methods;
}

/** A list of names of headers or methods. @throws ConfigError */
export function namesOf(option: string, list: unknown): readonly string[] {
  if (!Array.isArray(list)) throw new ConfigError(option, 'is not a list', 'pass an array of names');
  for (const [i, name] of list.entries()) {
    if (name === '*') throw new ConfigError(`${option}[${i}]`, "is '*'", 'name each one');
    if (!isToken(name))
      throw new ConfigError(`${option}[${i}]`, 'is not a name', 'use letters, digits and -');
  }
  return list as readonly string[]; // every element was seen to be a string
}

function checkMethod(option: string, method: string): void {
  if (/^(?:connect|trace|track)$/i.test(method)) {
    throw new ConfigError(option, 'is a method that browsers never send', 'leave it out');
  }
  if (method !== method.toUpperCase()) {
    throw new ConfigError(
      option,
      'is lower-case, and methods are case-sensitive',
      `write '${method.toUpperCase()}'`,
    );
  }
}
