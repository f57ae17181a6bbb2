import * as v from 'valibot';
import type { Dataset } from './internal/text-schema.js';

type Settings = v.Config<v.BaseIssue<unknown>>;
/** A member as it is asked for each value: what its schema is was looked at once. */
interface Member {
  readonly key: string;
  readonly schema: v.GenericSchema;
  /** Whether an absent member is given to the schema all the same, which has a default for it. */
  readonly absent: 'default' | 'fine' | 'missing';
}

/**
 * A valibot schema of an object with exactly these entries: an unknown key is refused, so nobody can assign what wasn't offered
 * (ASVS v5.0.0-15.3.3). Unlike valibot's own it refuses an array too, which otherwise passes for an object without keys.
 *
 * @example
 * ```ts
 * const NewPost = strictObject({ title: fields.title(), html: fields.html() });
 * ```
 */
export function strictObject<const Entries extends v.ObjectEntries>(
  entries: Entries,
): v.StrictObjectSchema<Entries, undefined> {
  const schema = v.strictObject(entries);
  const runOfLibrary = schema['~run'];
  const members = Object.entries(entries).map(([key, member]) => toMember(key, member));
  const known = new Set(Object.keys(entries));
  // valibot's own does what this doesn't know of
  const plain = members.every((member) => member !== undefined);

  const run = function (this: typeof schema, dataset: Dataset, config: Settings): Dataset {
    const input = dataset.value;
    if (typeof input !== 'object' || input === null || Array.isArray(input))
      return runOfLibrary.call(this, { value: noObject }, config as never) as Dataset;
    if (!plain) return runOfLibrary.call(this, dataset as never, config as never) as Dataset;
    return runMembers(this, members as readonly Member[], known, input as Record<string, unknown>, config);
  };
  // put into valibot's own object, whose `~standard` calls `~run` on it; the types of a dataset are those of what it becomes
  return Object.assign(schema, { '~run': run as unknown as typeof runOfLibrary });
}

/** What valibot's strict objects do, with all that depends on the schema alone done before. */
function runMembers(
  schema: v.GenericSchema,
  members: readonly Member[],
  known: ReadonlySet<string>,
  input: Record<string, unknown>,
  config: Settings,
): Dataset {
  const output: Record<string, unknown> = {};
  const dataset: Dataset = { value: output, typed: true };
  let present = 0;
  for (let i = 0; i < members.length; i++) {
    const member = members[i] as Member; // `i` is within
    const { key } = member;
    const value = input[key];
    const there = value !== undefined || key in input;
    if (there) present++;
    else if (member.absent !== 'default') {
      if (member.absent === 'missing') addKeyIssue(schema, dataset, config, input, key, `"${key}"`);
      continue;
    }
    const result = member.schema['~run']({ value }, config) as Dataset;
    if (result.issues)
      addIssues(dataset, result.issues, { type: 'object', origin: 'value', input, key, value });
    if (!result.typed) dataset.typed = false;
    output[key] = result.value;
  }
  let keys = 0;
  for (const _ in input) keys++;
  // an unknown key is told of once: however many there are, there is one too many
  if (keys !== present) {
    for (const key in input) {
      if (known.has(key)) continue;
      addKeyIssue(schema, dataset, config, input, key, 'never');
      break;
    }
  }
  return dataset;
}

function addIssues(dataset: Dataset, issues: NonNullable<Dataset['issues']>, item: v.IssuePathItem): void {
  for (const issue of issues as { path?: [v.IssuePathItem, ...v.IssuePathItem[]] }[]) {
    if (issue.path) issue.path.unshift(item);
    else issue.path = [item];
  }
  if (dataset.issues) dataset.issues.push(...issues);
  else dataset.issues = issues;
}

function addKeyIssue(
  schema: v.GenericSchema,
  dataset: Dataset,
  config: Settings,
  input: Record<string, unknown>,
  key: string,
  expected: string,
): void {
  const item = { type: 'object', origin: 'key', input, key, value: input[key] } as const;
  v._addIssue(schema as never, 'key', dataset as never, config, {
    input: expected === 'never' ? key : undefined,
    expected,
    path: [item],
  });
}

/** Nothing where only valibot knows what to do: a schema that has something to fall back on. */
function toMember(
  key: string,
  schema: v.GenericSchema & { default?: unknown; fallback?: unknown },
): Member | undefined {
  if (schema.fallback !== undefined || key === '__proto__') return undefined;
  const optional = ['exact_optional', 'optional', 'nullish'].includes(schema.type);
  if (!optional) return { key, schema, absent: 'missing' };
  if (schema.default === undefined) return { key, schema, absent: 'fine' };
  return schema.type === 'exact_optional' ? undefined : { key, schema, absent: 'default' };
}

/** Anything that is neither an object nor missing. */
const noObject = 'array';
