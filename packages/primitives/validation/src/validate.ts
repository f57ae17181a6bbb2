import type { MaybePromise } from '@secapi/kernel';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { type GenericSchema, type GenericSchemaAsync, safeParseAsync } from 'valibot';
import { withoutUndeclared } from './internal/arktype.js';
import { type Issue, type LibraryIssue, toIssues } from './issues.js';

/** What a schema makes of a value: its output, or what is wrong with it. */
export type ValidationResult<Output> =
  | { readonly ok: true; readonly value: Output }
  | { readonly ok: false; readonly issues: readonly Issue[] };

/** What a value is: `input` that came in, or an `answer` that goes out. */
export type ValidationPurpose = 'input' | 'answer';

/**
 * Validates a value by any Standard Schema: valibot, zod, arktype and others. The result's `value` is the schema's output, and the only thing
 * to use from then on. A schema that answers at once answers at once here; only an asynchronous one makes a promise. One that throws or
 * rejects does so here too: that is the program's fault and never a pass.
 *
 * With valibot each field tells its first problem only, so that a text which is too long is never given to a pattern. The codes are stable,
 * and no message holds what was received. An object of arktype, which lets undeclared keys pass, refuses them in an `input` and leaves them
 * out of an `answer`.
 *
 * @param purpose @default 'input'
 */
export function validate<Schema extends StandardSchemaV1>(
  schema: Schema,
  value: unknown,
  purpose: ValidationPurpose = 'input',
): MaybePromise<ValidationResult<StandardSchemaV1.InferOutput<Schema>>> {
  const standard = schema['~standard'];
  if (standard.vendor === 'valibot') {
    // what says that it is valibot's has valibot's methods
    const native = schema as unknown as GenericSchema | GenericSchemaAsync;
    if (native.async)
      return safeParseAsync(native, value, firstOfEachField).then((result) =>
        fromValibot<Schema>(result.output, result.issues, value),
      );
    // what safeParse() does, without a copy of the settings for each call
    const { value: output, issues } = native['~run']({ value }, firstOfEachField);
    return fromValibot<Schema>(output, issues, value);
  }
  const own = standard.vendor === 'arktype' ? withoutUndeclared(schema, purpose)['~standard'] : standard;
  const result = own.validate(value);
  return isThenable(result)
    ? Promise.resolve(result).then((settled) => fromStandard<Schema>(own.vendor, settled, value))
    : fromStandard<Schema>(own.vendor, result, value);
}

const firstOfEachField = { abortPipeEarly: true } as const;

type ResultOf<Schema extends StandardSchemaV1> = ValidationResult<StandardSchemaV1.InferOutput<Schema>>;

function isThenable<T>(result: T | PromiseLike<T>): result is PromiseLike<T> {
  return typeof (result as { then?: unknown } | null)?.then === 'function';
}

function fromValibot<Schema extends StandardSchemaV1>(
  output: unknown,
  issues: readonly LibraryIssue[] | undefined,
  value: unknown,
): ResultOf<Schema> {
  return issues
    ? { ok: false, issues: toIssues('valibot', issues, value) }
    : { ok: true, value: output as StandardSchemaV1.InferOutput<Schema> }; // without issues the output is the schema's
}

function fromStandard<Schema extends StandardSchemaV1>(
  vendor: string,
  result: StandardSchemaV1.Result<unknown>,
  value: unknown,
): ResultOf<Schema> {
  if (result.issues) return { ok: false, issues: toIssues(vendor, result.issues, value) };
  // neither issues nor a value is no answer, and what isn't known to be valid isn't
  if (!('value' in result)) throw new TypeError(`a schema of ${vendor} gave neither a value nor issues`);
  return { ok: true, value: result.value as StandardSchemaV1.InferOutput<Schema> }; // without issues the output is the schema's
}
