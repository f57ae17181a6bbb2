import { andThen, type MaybePromise } from '@secapi/kernel';
import { type Issue, type StandardSchemaV1, validate } from '@secapi/validation';
import type { Refusal } from './guard.js';

/** What was read of a request, or why it is refused. */
export type Read<T> = { readonly refusal: Refusal } | { readonly value: T };

/** A value as its schema gives it. */
export function check(schema: StandardSchemaV1, part: string, value: unknown): MaybePromise<Read<unknown>> {
  return andThen(
    validate(schema, value),
    (checked): Read<unknown> =>
      checked.ok ? { value: checked.value } : { refusal: invalid(part, checked.issues) },
  );
}

/** The refusal of input that its schema doesn't take. */
export function invalid(part: string, errors: readonly Issue[]): Refusal {
  return { ...refuse('VALIDATION_FAILED', `${part}: ${errors[0]?.code ?? 'invalid'}`), errors };
}

/** The refusal of input that can't be read. */
export function refuse(code: Refusal['code'], reason: string): Refusal {
  return { code, event: { event: 'input_validation_fail', outcome: 'failure', details: { reason } } };
}
