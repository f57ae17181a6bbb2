import { ConfigError } from '@secapi/kernel';
import { type CspDirectives, directivesOf } from './csp-directives.js';
import type { CspFinding } from './csp-finding.js';
import { type Collector, createCollector } from './internal/csp-collector.js';
import type { Directive } from './internal/csp-directives.js';
import { checkRules } from './internal/csp-rules.js';
import { checkSyntax } from './internal/csp-syntax.js';

/**
 * What is wrong with a Content-Security-Policy, and what is worth knowing of it: what browsers can't read, what gets
 * around it, what is missing (CSP3, ASVS v5.0.0-3.4.3). `createSecurityHeaders` refuses by the same rules.
 *
 * @param policy the value of the header as it is sent, or directives; of a header that is sent a nonce is one response's,
 *   among directives it never changes
 * @returns the findings in the order of the directives; none of them `error` or `warning` for a strict policy
 * @example
 * ```ts
 * lintCsp("script-src 'unsafe-inline'").filter(({ severity }) => severity === 'error');
 * ```
 */
export function lintCsp(policy: string | CspDirectives): readonly CspFinding[] {
  const collector = createCollector();
  if (typeof policy !== 'string') {
    lint(directivesOf('policy', policy), true, collector);
    return collector.found;
  }
  if (policy.length > 65_536) throw new ConfigError('policy', 'is no header', 'give the value of one header');
  if (policy.includes(',')) {
    const problem = 'splits the header into two policies';
    collector.add(
      'error',
      'comma',
      { directive: '', source: ',' },
      problem,
      'separate directives with semicolons',
    );
  }
  lint(readPolicy(policy), false, collector);
  return collector.found;
}

/** The rules, in one place for the linter and for what is compiled. */
export function lint(policy: readonly Directive[], fixed: boolean, collector: Collector): void {
  checkSyntax(policy, fixed, collector);
  checkRules(policy, collector);
}

/** A header's value as browsers take it apart (CSP3 §2.2.1). */
function readPolicy(text: string): Directive[] {
  const directives: Directive[] = [];
  for (const part of text.split(/[;,]/)) {
    const [name, ...values] = part.split(/[\t\n\f\r ]+/).filter((word) => word !== '');
    if (name !== undefined) directives.push({ name: name.toLowerCase(), values });
  }
  return directives;
}
