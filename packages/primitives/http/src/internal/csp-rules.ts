import type { Collector } from './csp-collector.js';
import { type Directive, withSources } from './csp-directives.js';
import { isAddress, isBypass, isEveryHost, isLoopback } from './csp-host.js';
import { readSource, type Source } from './csp-source.js';

type Policy = ReadonlyMap<string, readonly string[]>;

/** What lets scripts, plugins, bases, frames and forms do what the policy is there to stop. */
export function checkRules(directives: readonly Directive[], collector: Collector): void {
  const policy = new Map<string, readonly string[]>();
  for (const { name, values } of directives) if (!policy.has(name)) policy.set(name, values); // browsers read the first
  const scripts = ['script-src', 'script-src-elem', 'script-src-attr'].filter((name) => policy.has(name));
  if (!policy.has('script-src') && policy.has('default-src')) scripts.push('default-src');
  checkMissing(policy, collector);
  for (const name of scripts) checkScripts(name, policy.get(name) ?? [], collector);
  checkObjects(policy, collector);
  for (const [name, values] of policy) {
    if (name === 'base-uri') checkBase(values, collector);
    if (!scripts.includes(name) && name !== 'object-src') checkOthers(name, values, collector);
  }
  checkReporting(policy, collector);
  if (scripts.some((name) => allowsSome(policy.get(name))) && !policy.has('require-trusted-types-for')) {
    const remedy = "consider require-trusted-types-for 'script'";
    collector.add(
      'info',
      'no-trusted-types',
      { directive: 'require-trusted-types-for' },
      'is missing',
      remedy,
    );
  }
}

function checkMissing(policy: Policy, collector: Collector): void {
  const open = !policy.has('default-src');
  const missing = (severity: 'error' | 'warning', directive: string, problem: string, remedy: string): void =>
    collector.add(severity, 'missing-directive', { directive }, `is missing${problem}`, remedy);
  if (open && !policy.has('script-src')) {
    missing('error', 'script-src', ', and so scripts may come from anywhere', "write default-src 'none'");
  }
  if (open && !policy.has('object-src')) {
    missing('error', 'object-src', ', and so plugins may run', "write object-src 'none'");
  }
  if (open)
    missing(
      'warning',
      'default-src',
      ', and so is every limit that is not named',
      "write default-src 'none'",
    );
  if (!policy.has('base-uri')) {
    const byNonce = [...policy].some(([name, values]) => name.startsWith('script-src') && isGuarded(values));
    const problem = ', and so an injected <base> moves every relative address';
    missing(byNonce ? 'error' : 'warning', 'base-uri', problem, "write base-uri 'none'");
  }
  if (!policy.has('frame-ancestors')) {
    missing(
      'warning',
      'frame-ancestors',
      ', and so every site may frame this one',
      "write frame-ancestors 'none'",
    );
  }
  if (!policy.has('form-action')) {
    missing(
      'warning',
      'form-action',
      ', and so injected forms may send to any site',
      "write form-action 'self'",
    );
  }
}

function checkScripts(name: string, values: readonly string[], collector: Collector): void {
  const guarded = isGuarded(values);
  const dynamic = hasKeyword(values, 'strict-dynamic');
  let byHost = false;
  for (const source of values) {
    const at = { directive: name, source };
    const read = readSource(source);
    if (read.kind === 'keyword') {
      byHost ||= read.word === 'self';
      checkScriptWord(read.word, guarded, at, collector);
    } else if (read.kind === 'scheme' || read.kind === 'host') {
      if (dynamic && guarded) {
        collector.add(
          'info',
          'fallback',
          at,
          "is for old browsers alone: 'strict-dynamic' overrules it",
          'leave it out',
        );
        continue;
      }
      byHost = true;
      checkScriptPlace(read, at, collector);
    }
  }
  if (byHost && !(dynamic && guarded)) {
    const problem = 'allows scripts by where they are, so that one bad file there is enough';
    collector.add(
      'info',
      'host-allowlist',
      { directive: name },
      problem,
      "use nonces or hashes with 'strict-dynamic'",
    );
  }
}

function checkScriptWord(
  word: string,
  guarded: boolean,
  at: { directive: string; source: string },
  collector: Collector,
): void {
  if (word === 'unsafe-inline' && guarded) {
    collector.add(
      'info',
      'fallback',
      at,
      'is for old browsers alone: a nonce or hash overrules it',
      'leave it out',
    );
  } else if (word === 'unsafe-inline') {
    const remedy = 'use a nonce ("\'nonce\'") or the hash of each script ("\'sha256-…\'")';
    collector.add('error', 'unsafe-inline', at, 'lets injected scripts run', remedy);
  } else if (word === 'unsafe-eval') {
    const remedy =
      "leave it out; 'wasm-unsafe-eval' is enough for WebAssembly, a hash (\"'sha256-…'\") for a script";
    collector.add('error', 'unsafe-eval', at, 'lets texts run as scripts', remedy);
  } else if (word === 'unsafe-hashes') {
    collector.add(
      'warning',
      'unsafe-hashes',
      at,
      'lets injected attributes use the allowed handlers',
      'add listeners in scripts',
    );
  } else if (word === 'strict-dynamic' && !guarded) {
    const remedy = 'add "\'nonce\'" or hashes';
    collector.add('error', 'strict-dynamic-alone', at, 'needs a nonce or a hash, or no script runs', remedy);
  }
}

function checkScriptPlace(
  read: Source & { kind: 'scheme' | 'host' },
  at: { directive: string; source: string },
  collector: Collector,
): void {
  const remedy = "name the script's own host, or use a nonce or a hash (\"'sha256-…'\")";
  if (read.kind === 'scheme') {
    collector.add('error', 'scheme-source', at, 'lets scripts from anywhere run', remedy);
  } else if (isEveryHost(read.host)) {
    collector.add('error', 'wildcard-source', at, 'lets scripts from anywhere run', remedy);
  } else if (isBypass(read.host)) {
    // Without a path, or with one that all packages are under, it holds for JSONP and old libraries too.
    const some = !/^\/?(?:(?:ajax|ajax\/libs|combine|gh|npm|wp)\/?)?$/.test(read.path);
    const problem = 'serves what gets around a policy: JSONP, old libraries or anybody’s files';
    collector.add(some ? 'warning' : 'error', 'bypass-host', at, problem, remedy);
  } else if (isPlain(read)) {
    collector.add('error', 'plain-http', at, 'lets whoever is on the way change the scripts', 'use https');
  } else if (isAddress(read.host) && !isLoopback(read.host)) {
    collector.add('warning', 'ip-source', at, 'is an address, which browsers do not match', 'name a host');
  }
}

function checkObjects(policy: Policy, collector: Collector): void {
  const values = policy.get('object-src');
  if (!values) return; // default-src decides, or it is reported as missing
  for (const source of values) {
    const read = readSource(source);
    const at = { directive: 'object-src', source };
    if (read.kind === 'scheme' || (read.kind === 'host' && isEveryHost(read.host))) {
      const code = read.kind === 'scheme' ? 'scheme-source' : 'wildcard-source';
      collector.add('error', code, at, 'lets plugins from anywhere run', "write object-src 'none'");
    } else if (read.kind === 'host' || (read.kind === 'keyword' && read.word !== 'none')) {
      collector.add('warning', 'host-allowlist', at, 'lets plugins run', "write object-src 'none'");
    }
  }
}

function checkBase(values: readonly string[], collector: Collector): void {
  for (const source of values) {
    const read = readSource(source);
    const at = { directive: 'base-uri', source };
    if (read.kind === 'scheme' || (read.kind === 'host' && isEveryHost(read.host))) {
      const code = read.kind === 'scheme' ? 'scheme-source' : 'wildcard-source';
      collector.add('error', code, at, 'lets an injected <base> lead anywhere', "write base-uri 'none'");
    } else if (read.kind === 'host' || (read.kind === 'keyword' && read.word === 'self')) {
      collector.add(
        'info',
        'host-allowlist',
        at,
        'lets pages set their base (ASVS v5.0.0-3.4.3 wants none)',
        "write base-uri 'none'",
      );
    }
  }
}

/** Directives through which data leaves or others come in; of the rest a wildcard only loads. */
const doors: ReadonlySet<string> = new Set([
  'default-src',
  'child-src',
  'connect-src',
  'fenced-frame-src',
  'form-action',
  'frame-ancestors',
  'frame-src',
  'worker-src',
  'style-src',
  'style-src-elem',
  'style-src-attr',
]);

function checkOthers(name: string, values: readonly string[], collector: Collector): void {
  if (name === 'base-uri' || !withSources.has(name)) return;
  for (const source of values) {
    const read = readSource(source);
    const at = { directive: name, source };
    if (read.kind === 'keyword' && read.word === 'unsafe-inline' && /^(?:style|default)-src/.test(name)) {
      if (!isGuarded(values))
        collector.add('info', 'unsafe-inline', at, 'lets injected styles apply', 'use a nonce or hashes');
    } else if (isPlain(read)) {
      collector.add('warning', 'plain-http', at, 'is open to whoever is on the way', 'use https');
    } else if (read.kind === 'scheme' && doors.has(name) && read.scheme !== 'blob') {
      collector.add('warning', 'scheme-source', at, 'stands for every host', 'name the hosts');
    } else if (read.kind === 'host' && isEveryHost(read.host)) {
      collector.add(
        doors.has(name) ? 'warning' : 'info',
        'wildcard-source',
        at,
        'stands for every host',
        'name the hosts',
      );
    } else if (read.kind === 'host' && isAddress(read.host) && !isLoopback(read.host)) {
      collector.add('warning', 'ip-source', at, 'is an address, which browsers do not match', 'name a host');
    }
  }
}

function checkReporting(policy: Policy, collector: Collector): void {
  if (policy.has('report-to')) return;
  if (policy.has('report-uri')) {
    const remedy = 'add report-to, and Reporting-Endpoints';
    collector.add(
      'warning',
      'report-uri-alone',
      { directive: 'report-uri' },
      'is on its way out of browsers',
      remedy,
    );
  } else {
    const problem = 'is missing, and so nobody learns what the policy stops';
    collector.add(
      'info',
      'no-reporting',
      { directive: 'report-to' },
      problem,
      'name an endpoint for reports',
    );
  }
}

function isPlain(read: Source): boolean {
  if (read.kind === 'scheme') return read.scheme === 'http' || read.scheme === 'ws';
  if (read.kind !== 'host') return false;
  return (read.scheme === 'http' || read.scheme === 'ws') && !isLoopback(read.host);
}

/** Whether a nonce or a hash makes browsers ignore `'unsafe-inline'`. */
function isGuarded(values: readonly string[]): boolean {
  return values.some((source) => ['nonce', 'hash', 'placeholder'].includes(readSource(source).kind));
}

function hasKeyword(values: readonly string[], word: string): boolean {
  return values.some((source) => source.toLowerCase() === `'${word}'`);
}

function allowsSome(values: readonly string[] | undefined): boolean {
  return (
    values !== undefined && !(values.length === 0 || (values.length === 1 && hasKeyword(values, 'none')))
  );
}
