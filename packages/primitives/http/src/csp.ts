import { ConfigError } from '@secapi/kernel';
import { type CspDirectives, directivesOf, type GivenDirective } from './csp-directives.js';
import type { CspFinding } from './csp-finding.js';
import { lint } from './csp-lint.js';
import { createCollector } from './internal/csp-collector.js';
import { noncePlaceholder, readSource } from './internal/csp-source.js';

/** A policy before it is compiled. */
export interface CspSource {
  /** Where the directives stand, for messages. */
  readonly option: string;
  /** What holds where the directives say nothing. */
  readonly base: CspDirectives;
  readonly directives: CspDirectives;
  readonly allowUnsafeScripts: boolean;
  /** Where browsers send reports: a name of `Reporting-Endpoints`, and its address for older ones. */
  readonly reports: { readonly endpoint: string; readonly url: string } | undefined;
}

/** A compiled policy. */
export interface CompiledCsp {
  /** The policy of a response without a nonce: what a nonce would have let in stays out. */
  readonly value: string;
  /** What stands between the nonces, or nothing where the policy asks for none: joined with a nonce it is the policy. */
  readonly parts: readonly string[] | undefined;
  /** Who may frame, for the header that older browsers know. */
  readonly frameAncestors: readonly string[];
}

/** The findings that one may take upon oneself. */
const relaxable: ReadonlySet<string> = new Set([
  'unsafe-inline',
  'unsafe-eval',
  'wildcard-source',
  'scheme-source',
  'plain-http',
  'bypass-host',
]);

/**
 * Compiles a policy over its base.
 *
 * @throws ConfigError for every error that {@link lint} finds, among them what lets scripts in
 */
export function compileCsp(source: CspSource): CompiledCsp {
  const { option } = source;
  const given = directivesOf(option, source.directives);
  const policy = new Map(directivesOf(option, source.base).map(({ name, values }) => [name, values]));
  for (const { name, values } of given) policy.set(name, values);
  const names = new Set(given.map(({ name }) => name));
  // Plugins fall back to default-src; whoever opens that means scripts and images, not them (ASVS v5.0.0-3.4.3).
  if (names.has('default-src') && !policy.has('object-src')) policy.set('object-src', ["'none'"]);
  if (source.reports) {
    for (const name of ['report-uri', 'report-to']) {
      if (names.has(name))
        throw new ConfigError(`${option}.${name}`, 'is given twice', 'leave it to headers.reports');
    }
    policy.set('report-uri', [source.reports.url]).set('report-to', [source.reports.endpoint]);
  }
  refuse(source, given, policy);
  const text = print(policy);
  if (text.length > 4_096) {
    throw new ConfigError(
      option,
      `has ${text.length} characters, more than proxies take`,
      'name fewer sources',
    );
  }
  const pieces = text.replaceAll(noncePlaceholder, "'nonce-\0'").split('\0');
  return {
    value: pieces.length === 1 ? text : print(withoutNonce(policy)),
    parts: pieces.length === 1 ? undefined : pieces,
    frameAncestors: policy.get('frame-ancestors') ?? [],
  };
}

function print(policy: ReadonlyMap<string, readonly string[]>): string {
  return [...policy].map(([name, list]) => [name, ...list].join(' ')).join('; ');
}

function refuse(
  { option, allowUnsafeScripts }: CspSource,
  given: readonly GivenDirective[],
  policy: ReadonlyMap<string, readonly string[]>,
): void {
  const collector = createCollector();
  // As they were given, and then the whole: a directive that stands there twice would hide in the whole.
  lint(
    [
      ...given,
      ...[...policy].flatMap(([name, values]) =>
        given.some((one) => one.name === name) ? [] : [{ name, values }],
      ),
    ],
    true,
    collector,
  );
  for (const finding of collector.found) {
    if (!isRefused(finding)) continue;
    if (
      allowUnsafeScripts &&
      relaxable.has(finding.code) &&
      /^(?:script|default)-src/.test(finding.directive)
    )
      continue;
    // Of a directive that stands there twice, the second is too many.
    const at = given.findLast(({ name }) => name === finding.directive);
    const index = finding.source === undefined ? -1 : (at?.values.indexOf(finding.source) ?? -1);
    const where = at ? `${option}.${at.key}${index < 0 ? '' : `[${index}]`}` : option;
    const subject = finding.source ?? finding.directive;
    const problem = at ? finding.message.slice(subject.length + 1) : finding.message;
    const unsafe = relaxable.has(finding.code) && /^(?:script|default)-src/.test(finding.directive);
    const remedy = unsafe ? `${finding.remedy}, or set dangerouslyAllowUnsafeScripts` : finding.remedy;
    throw new ConfigError(where, problem, remedy);
  }
}

/** Errors, and what does nothing, so that nobody builds on it. */
function isRefused({ severity, code }: CspFinding): boolean {
  return severity === 'error' || code === 'deprecated-directive' || code === 'empty-list';
}

/** The policy of a response that has no nonce: without it, nothing may come to hold that it had overruled. */
function withoutNonce(policy: ReadonlyMap<string, readonly string[]>): Map<string, readonly string[]> {
  return new Map(
    [...policy].map(([name, values]) => [name, values.includes(noncePlaceholder) ? closed(values) : values]),
  );
}

function closed(values: readonly string[]): readonly string[] {
  const kinds = values.map((source) => ({
    source,
    kind: readSource(source).kind,
    word: source.toLowerCase(),
  }));
  const hashed = kinds.some(({ kind }) => kind === 'hash');
  const dynamic = kinds.some(({ word }) => word === "'strict-dynamic'");
  const kept = kinds.filter(({ kind, word }) => {
    if (kind === 'placeholder') return false;
    if (hashed) return true;
    return !dynamic && word !== "'unsafe-inline'";
  });
  return kept.length > 0 ? kept.map(({ source }) => source) : ["'none'"];
}
