/** How bad a finding is: `createSecurityHeaders` refuses an error; a warning weakens a policy; the rest is worth knowing. */
export type CspSeverity = 'error' | 'warning' | 'info';

/** What a finding is about. */
export type CspFindingCode =
  /** Not a directive of CSP3: browsers ignore it. */
  | 'unknown-directive'
  /** A directive that browsers have dropped. */
  | 'deprecated-directive'
  /** A directive a second time: browsers read the first. */
  | 'duplicate-directive'
  | 'missing-directive'
  /** The name of a directive among the sources of another. */
  | 'missing-semicolon'
  /** A comma, which splits the header into two policies. */
  | 'comma'
  | 'missing-quotes'
  | 'unknown-keyword'
  | 'invalid-source'
  | 'invalid-value'
  | 'unexpected-value'
  | 'empty-list'
  | 'none-beside-others'
  /** A keyword, nonce or hash where it has no effect. */
  | 'no-effect'
  | 'unsafe-inline'
  | 'unsafe-eval'
  | 'unsafe-hashes'
  | 'wildcard-source'
  | 'scheme-source'
  | 'plain-http'
  | 'ip-source'
  /** A host that serves JSONP, old AngularJS or anybody's files. */
  | 'bypass-host'
  /** Scripts allowed by where they are, and not by nonce or hash. */
  | 'host-allowlist'
  | 'short-nonce'
  | 'static-nonce'
  | 'strict-dynamic-alone'
  /** What `'strict-dynamic'`, a nonce or a hash makes newer browsers ignore, for the sake of old ones. */
  | 'fallback'
  | 'sandbox-escape'
  | 'report-uri-alone'
  | 'no-reporting'
  | 'no-trusted-types';

/** One thing about a policy. */
export interface CspFinding {
  readonly severity: CspSeverity;
  readonly code: CspFindingCode;
  /** The directive that it is about; for one that is missing, its name. */
  readonly directive: string;
  /** The source, word or name that it is about, as it stands in the policy. */
  readonly source?: string;
  /** What is wrong, as a sentence about the source or the directive. */
  readonly message: string;
  /** What to write instead. */
  readonly remedy: string;
}
