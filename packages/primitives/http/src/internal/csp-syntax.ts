import type { Collector } from './csp-collector.js';
import {
  type Directive,
  dropped,
  isDirective,
  sourceLists,
  tokenLists,
  withNothing,
  withSources,
} from './csp-directives.js';
import { keywordList, readSource } from './csp-source.js';

const sandboxTokens: ReadonlySet<string> = new Set([
  'allow-downloads',
  'allow-forms',
  'allow-modals',
  'allow-orientation-lock',
  'allow-pointer-lock',
  'allow-popups',
  'allow-popups-to-escape-sandbox',
  'allow-presentation',
  'allow-same-origin',
  'allow-scripts',
  'allow-storage-access-by-user-activation',
  'allow-top-navigation',
  'allow-top-navigation-by-user-activation',
  'allow-top-navigation-to-custom-protocols',
]);
/** Nonces that stand in documentation, and in the policies of those who copied it. */
const samples: ReadonlySet<string> = new Set([
  '2726c7f26c',
  '416d1177-4d12-4e3b-b7c9-f6c409789fb8',
  '8IBTHwOdqNKAWeKl7plt8g==',
  'DhcnhD3khTMePgXwdayK9BsMqXjhguVV',
  'EDNnf03nceIOfn39fn3e9h3sdfa',
  'oLlrNFmVb9',
]);
const scriptWords: ReadonlySet<string> = new Set(['strict-dynamic', 'unsafe-eval', 'wasm-unsafe-eval']);

/** Whether browsers can read the directives as they are meant. */
export function checkSyntax(policy: readonly Directive[], fixed: boolean, collector: Collector): void {
  const seen = new Set<string>();
  for (const directive of policy) {
    const { name, values } = directive;
    const at = { directive: name };
    if (seen.has(name)) {
      collector.add(
        'error',
        'duplicate-directive',
        at,
        'is there twice, and browsers read the first',
        `keep one '${name}'`,
      );
      continue;
    }
    seen.add(name);
    const instead = dropped.get(name);
    if (instead !== undefined) {
      collector.add('warning', 'deprecated-directive', at, 'does nothing in current browsers', instead);
    } else if (!isDirective(name)) {
      const known = [...sourceLists, ...tokenLists].join(', ');
      collector.add('error', 'unknown-directive', at, 'is not a directive of CSP3', `use one of ${known}`);
    } else if (withSources.has(name)) checkSources(directive, fixed, collector);
    else if (withNothing.has(name)) {
      if (values.length > 0)
        collector.add(
          'error',
          'unexpected-value',
          { ...at, source: values[0] ?? '' },
          'is a value where none is taken',
          `write '${name}' alone`,
        );
    } else checkWords(directive, collector);
  }
}

function checkSources({ name, values }: Directive, fixed: boolean, collector: Collector): void {
  if (values.length === 0) {
    collector.add('warning', 'empty-list', { directive: name }, 'is empty', "write 'none' to allow nothing");
  }
  for (const source of values) {
    const at = { directive: name, source };
    const read = readSource(source);
    if (isDirective(source.toLowerCase())) {
      collector.add(
        'error',
        'missing-semicolon',
        at,
        'is a directive and no source',
        'put a semicolon before it',
      );
    } else if (read.kind === 'unquoted') {
      collector.add('error', 'missing-quotes', at, 'is read as the name of a host', `write "'${source}'"`);
    } else if (read.kind === 'unknown-keyword' || (read.kind === 'placeholder' && !fixed)) {
      collector.add('error', 'unknown-keyword', at, 'is not a keyword of CSP3', `use one of ${keywordList}`);
    } else if (read.kind === 'invalid') {
      const remedy = "write a keyword, 'https:' or a host like 'https://cdn.example'";
      collector.add('error', 'invalid-source', at, 'is not a source', remedy);
    } else if (read.kind === 'keyword') checkKeyword(name, values, read.word, at, collector);
    else if (read.kind === 'nonce' || read.kind === 'hash' || read.kind === 'placeholder') {
      if (read.kind === 'nonce') checkNonce(read.value, fixed, at, collector);
      if (!/^(?:script|style|default)-src/.test(name))
        collector.add('warning', 'no-effect', at, 'has no effect here', 'keep it to scripts and styles');
    }
  }
}

function checkKeyword(
  name: string,
  values: readonly string[],
  word: string,
  at: { directive: string; source: string },
  collector: Collector,
): void {
  if (word === 'none' && values.length > 1) {
    collector.add(
      'error',
      'none-beside-others',
      at,
      'stands beside other sources, and so browsers ignore it',
      'remove one or the other',
    );
  } else if (scriptWords.has(word) && !/^(?:script|default|worker)-src/.test(name)) {
    collector.add('warning', 'no-effect', at, 'has no effect here', 'keep it to scripts');
  }
}

function checkNonce(
  value: string,
  fixed: boolean,
  at: { directive: string; source: string },
  collector: Collector,
): void {
  if (fixed || samples.has(value) || new Set(value).size < 6) {
    const remedy = 'use a hash, or "\'nonce\'" where a new one is made for each response';
    collector.add(
      'error',
      'static-nonce',
      at,
      'is a nonce that never changes, so that anybody can use it',
      remedy,
    );
  } else if (value.replace(/=+$/, '').length < 22) {
    collector.add(
      'error',
      'short-nonce',
      at,
      'is too short not to be guessed',
      'make nonces of 128 random bits, 22 characters',
    );
  }
}

function checkWords({ name, values }: Directive, collector: Collector): void {
  const at = { directive: name };
  if (name !== 'sandbox' && values.length === 0)
    collector.add('error', 'empty-list', at, 'is empty', 'leave it out');
  for (const source of values) {
    if (!/^[!-+\--:<-~]+$/.test(source)) {
      collector.add(
        'error',
        'invalid-value',
        { ...at, source },
        'is not a value',
        'use one word without spaces, commas and semicolons',
      );
    } else if (isDirective(source.toLowerCase())) {
      collector.add(
        'error',
        'missing-semicolon',
        { ...at, source },
        'is a directive and no value',
        'put a semicolon before it',
      );
    } else if (name === 'sandbox' && !sandboxTokens.has(source.toLowerCase())) {
      collector.add(
        'error',
        'unknown-keyword',
        { ...at, source },
        'is nothing that a sandbox can allow',
        `use one of ${[...sandboxTokens].join(', ')}`,
      );
    } else if (name === 'require-trusted-types-for' && source !== "'script'") {
      collector.add(
        'error',
        'unknown-keyword',
        { ...at, source },
        'is nothing that can be required',
        "write 'script', with its quotes",
      );
    } else if (name === 'report-uri' && source.toLowerCase().startsWith('http:')) {
      collector.add('warning', 'plain-http', { ...at, source }, 'sends reports in clear', 'use https');
    }
  }
  if (name === 'sandbox' && values.includes('allow-scripts') && values.includes('allow-same-origin')) {
    const problem = 'allows scripts and the same origin, with which a page can take its sandbox off';
    collector.add('warning', 'sandbox-escape', at, problem, 'leave one of the two out');
  }
}
