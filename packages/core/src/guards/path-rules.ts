import { ConfigError } from '@secapi/kernel';
import { canonicalPath } from '../limits/canonical-path.js';

/** What holds for a path: a rule, the rule of all others, or nothing where the path can be read in two ways. */
export type PathRules<Rule> = (path: string) => Rule | undefined;

/**
 * Compiles rules by prefixes of paths, the longest of which decides; `/a` holds for `/a` and what is under it, `/a/` only
 * for that.
 *
 * A router may read a path in another way than this: so where the path as it came and its canonical form come under
 * different rules, or the path has something in it that routers differ about, no rule holds and the caller refuses.
 *
 * @throws ConfigError for a prefix that is not canonical
 */
export function compilePathRules<Rule>(
  option: string,
  rules: Readonly<Record<string, Rule>>,
  others: Rule,
): PathRules<Rule> {
  const sorted = Object.entries(rules).sort(([one], [other]) => other.length - one.length);
  for (const [prefix] of sorted) {
    if (prefix.startsWith('/') && isPlain(prefix) && canonicalPath(prefix) === prefix) continue;
    throw new ConfigError(
      `${option}['${prefix}']`,
      'is not a canonical prefix',
      "begin it with a slash, in lower case and decoded, like '/public/'",
    );
  }
  if (sorted.length === 0) return () => others;

  function ruleOf(path: string): Rule {
    for (const [prefix, rule] of sorted) if (isUnder(path, prefix)) return rule;
    return others;
  }

  return function ruleAt(path: string): Rule | undefined {
    if (!isPlain(path)) return undefined;
    const rule = ruleOf(path);
    const canonical = canonicalPath(path);
    return canonical === path || ruleOf(canonical) === rule ? rule : undefined;
  };
}

function isUnder(path: string, prefix: string): boolean {
  if (!path.startsWith(prefix)) return false;
  return prefix.endsWith('/') || path.length === prefix.length || path.charCodeAt(prefix.length) === 0x2f;
}

/** Whether a path has nothing in it that some router takes for a slash, a dot segment or the end of a segment. */
function isPlain(path: string): boolean {
  return path.startsWith('/') && !/\/\/|[\\;]|%(?:2[ef5]|3b|5c|00)|\/\.\.?(?:\/|$)/i.test(path);
}
