import type { IssueCode } from './errors.js';

/** What is wrong with one value. It never holds the value. */
export interface Issue {
  /** Where: a JSON pointer (RFC 6901) such as `/items/0/sku`, or `''` for the whole input. */
  readonly path: string;
  readonly code: IssueCode;
  /** For a person; made of the code and the schema's own bounds. */
  readonly message: string;
}

/** An issue as the standard has it, and what valibot, zod and arktype add. Read with suspicion: a library may put anything there. */
export interface LibraryIssue {
  readonly message: string;
  readonly path?: readonly unknown[] | undefined;
  readonly kind?: unknown;
  readonly type?: unknown;
  readonly expected?: unknown;
  readonly requirement?: unknown;
  readonly code?: unknown;
  readonly keys?: unknown;
  readonly minimum?: unknown;
  readonly maximum?: unknown;
  readonly origin?: unknown;
  readonly rule?: unknown;
}

const maxIssues = 32;
const maxPathLength = 256;

/**
 * A schema library's issues in secapi's terms: the first 32. Of the value only its keys are looked at, to tell what is missing from what is of
 * the wrong type: most libraries say that in the message alone, which is never read and never passed on.
 */
export function toIssues(vendor: string, given: readonly LibraryIssue[], value: unknown): readonly Issue[] {
  const issues: Issue[] = [];
  const read = vendors.get(vendor) ?? (() => other);
  for (const issue of given.slice(0, maxIssues)) {
    const keys = toKeys(issue.path);
    const path = toPointer(keys);
    if (vendor === 'zod' && issue.code === 'unrecognized_keys' && Array.isArray(issue.keys)) {
      // zod names the object that they are in
      for (const key of issue.keys) issues.push(toIssue(path + segment(String(key)), 'unknown_key'));
    } else {
      const [code, bound] = read(issue);
      const absent = !ofKeys.has(code) && isMissing(value, keys);
      issues.push(absent ? toIssue(path, 'missing') : toIssue(path, code, bound));
    }
  }
  return issues.slice(0, maxIssues);
}

type Finding = readonly [code: IssueCode, bound?: unknown];
const other: Finding = ['invalid'];

const valibotCodes: Readonly<Record<string, IssueCode>> = {
  min_length: 'min_length',
  non_empty: 'min_length',
  min_bytes: 'min_length',
  min_graphemes: 'min_length',
  min_size: 'min_length',
  min_entries: 'min_length',
  max_length: 'max_length',
  max_bytes: 'max_length',
  max_graphemes: 'max_length',
  max_size: 'max_length',
  max_entries: 'max_length',
  min_value: 'min_value',
  gt_value: 'min_value',
  max_value: 'max_value',
  lt_value: 'max_value',
};
const valibotChoices = ['picklist', 'enum', 'literal', 'variant', 'union', 'custom', 'instance'];
const valibotUnformatted = [
  'check',
  'partial_check',
  'raw_check',
  'raw_transform',
  'check_items',
  'some_item',
  'every_item',
];

function fromValibot(issue: LibraryIssue): Finding {
  const type = String(issue.type);
  if (issue.kind === 'schema') {
    if (type === 'strict_object' && issue.expected === 'never') return ['unknown_key'];
    return valibotChoices.includes(type) ? other : ['type'];
  }
  const code = Object.hasOwn(valibotCodes, type) ? valibotCodes[type] : undefined;
  if (code) return [code, issue.requirement];
  if (issue.kind === 'validation' && !valibotUnformatted.includes(type)) return ['format'];
  // a check of one's own says by its message which code it means
  return isIssueCode(issue.message) ? [issue.message] : other;
}

const zodCodes: Readonly<Record<string, IssueCode>> = {
  invalid_type: 'type',
  invalid_format: 'format',
  not_multiple_of: 'format',
};

function fromZod(issue: LibraryIssue): Finding {
  const ofValue = ['number', 'int', 'bigint', 'date'].includes(String(issue.origin));
  if (issue.code === 'too_small') return [ofValue ? 'min_value' : 'min_length', issue.minimum];
  if (issue.code === 'too_big') return [ofValue ? 'max_value' : 'max_length', issue.maximum];
  const code = String(issue.code);
  return [(Object.hasOwn(zodCodes, code) ? zodCodes[code] : undefined) ?? 'invalid'];
}

const arkCodes: Readonly<Record<string, IssueCode>> = {
  required: 'missing',
  domain: 'type',
  proto: 'type',
  minLength: 'min_length',
  maxLength: 'max_length',
  exactLength: 'format',
  min: 'min_value',
  max: 'max_value',
  after: 'min_value',
  before: 'max_value',
  pattern: 'format',
  divisor: 'format',
};

function fromArktype(issue: LibraryIssue): Finding {
  // what an object may not have is told as a predicate that it breaks
  if (issue.code === 'predicate' && issue.expected === 'removed') return ['unknown_key'];
  const name = String(issue.code);
  return [(Object.hasOwn(arkCodes, name) ? arkCodes[name] : undefined) ?? 'invalid', issue.rule];
}

const vendors: ReadonlyMap<string, (issue: LibraryIssue) => Finding> = new Map([
  ['valibot', fromValibot],
  ['zod', fromZod],
  ['arktype', fromArktype],
]);

/** Codes that are about a key itself. */
const ofKeys: ReadonlySet<IssueCode> = new Set(['unknown_key', 'missing']);

/** Whether there is nothing where an issue points to, in an object that is there. */
function isMissing(value: unknown, keys: readonly PropertyKey[]): boolean {
  let at = value;
  for (const [i, key] of keys.entries()) {
    if (typeof at !== 'object' || at === null) return false;
    const own = Object.hasOwn(at, key) ? (at as Record<PropertyKey, unknown>)[key] : undefined; // any object can be read by key
    if (own === undefined) return i === keys.length - 1;
    at = own;
  }
  return false;
}

const messages: Readonly<Record<IssueCode, string>> = {
  unknown_key: 'Is not a known key.',
  missing: 'Is missing.',
  type: 'Has the wrong type.',
  min_length: 'Is too short.',
  max_length: 'Is too long.',
  format: 'Has the wrong format.',
  min_value: 'Is too small.',
  max_value: 'Is too large.',
  invalid: 'Is not valid.',
};

function isIssueCode(text: string): text is IssueCode {
  return Object.hasOwn(messages, text);
}

/** An issue with the message of its code. */
export function toIssue(path: string, code: IssueCode, bound?: unknown): Issue {
  const message = messages[code];
  if (typeof bound !== 'number') return { path, code, message };
  const side = code.startsWith('min') ? 'at least' : 'at most';
  return { path, code, message: `${message.slice(0, -1)}: ${side} ${bound}.` };
}

function toKeys(path: LibraryIssue['path']): readonly PropertyKey[] {
  const keys: PropertyKey[] = [];
  for (const step of path ?? []) {
    const key: unknown = typeof step === 'object' && step !== null && 'key' in step ? step.key : step;
    keys.push(typeof key === 'number' || typeof key === 'symbol' ? key : String(key));
  }
  return keys;
}

function toPointer(keys: readonly PropertyKey[]): string {
  return keys
    .map((key) => segment(String(key)))
    .join('')
    .slice(0, maxPathLength);
}

/** A key as a step of a pointer. An unknown one is its sender's own text, so it is kept short. */
function segment(key: string): string {
  return `/${key.slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
