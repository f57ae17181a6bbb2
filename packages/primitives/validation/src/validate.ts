import type { MaybePromise } from '@secapi/kernel';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { type GenericSchema, type GenericSchemaAsync, safeParse, safeParseAsync } from 'valibot';
import { type Issue, type LibraryIssue, toIssues } from './issues.js';

/** What a schema makes of a value: its output, or what is wrong with it. */
export type ValidationResult<Output> =
  | { readonly ok: true; readonly value: Output }
  | { readonly ok: false; readonly issues: readonly Issue[] };

/**
 * Validates a value by any Standard Schema: valibot, zod, arktype and others. The result's `value` is the schema's output, and the only thing
 * to use from then on. A schema that answers at once answers at once here; only an asynchronous one makes a promise.
 *
 * With valibot each field tells its first problem only, so that a text which is too long is never given to a pattern. The codes are stable,
 * and no message holds what was received.
 */
export function validate<Schema extends StandardSchemaV1>(
  schema: Schema,
  value: unknown,
): MaybePromise<ValidationResult<StandardSchemaV1.InferOutput<Schema>>> {
  const standard = schema['~standard'];
  if (standard.vendor === 'valibot') {
    // what says that it is valibot's has valibot's methods
    const native = schema as unknown as GenericSchema | GenericSchemaAsync;
    return native.async
      ? safeParseAsync(native, value, firstOfEachField).then(fromValibot<Schema>)
      : fromValibot<Schema>(safeParse(native, value, firstOfEachField));
  }
  const result = standard.validate(value);
  return 'then' in result
    ? result.then((settled) => fromStandard<Schema>(standard.vendor, settled))
    : fromStandard<Schema>(standard.vendor, result);
}

const firstOfEachField = { abortPipeEarly: true } as const;

type ResultOf<Schema extends StandardSchemaV1> = ValidationResult<StandardSchemaV1.InferOutput<Schema>>;

function fromValibot<Schema extends StandardSchemaV1>(result: {
  readonly output: unknown;
  readonly issues?: readonly LibraryIssue[] | undefined;
}): ResultOf<Schema> {
  return result.issues
    ? { ok: false, issues: toIssues('valibot', result.issues) }
    : { ok: true, value: result.output as StandardSchemaV1.InferOutput<Schema> }; // without issues the output is the schema's
}

function fromStandard<Schema extends StandardSchemaV1>(
  vendor: string,
  result: StandardSchemaV1.Result<unknown>,
): ResultOf<Schema> {
  return result.issues
    ? { ok: false, issues: toIssues(vendor, result.issues) }
    : { ok: true, value: result.value as StandardSchemaV1.InferOutput<Schema> }; // without issues the output is the schema's
}
