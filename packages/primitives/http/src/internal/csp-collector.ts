import type { CspFinding, CspFindingCode, CspSeverity } from '../csp-finding.js';

/** Takes what the rules find. */
export interface Collector {
  readonly found: readonly CspFinding[];
  add(
    severity: CspSeverity,
    code: CspFindingCode,
    at: { readonly directive: string; readonly source?: string },
    problem: string,
    remedy: string,
  ): void;
}

export function createCollector(): Collector {
  const found: CspFinding[] = [];
  return {
    found,
    add(severity, code, { directive, source }, problem, remedy) {
      const message = `${source ?? directive} ${problem}`;
      found.push({ severity, code, directive, ...(source === undefined ? {} : { source }), message, remedy });
    },
  };
}
