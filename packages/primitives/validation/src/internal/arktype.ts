import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { ValidationPurpose } from '../validate.js';

interface ArkType extends StandardSchemaV1 {
  onDeepUndeclaredKey(behavior: 'reject' | 'delete'): StandardSchemaV1;
}

const made: Readonly<Record<ValidationPurpose, WeakMap<object, StandardSchemaV1>>> = {
  input: new WeakMap(),
  answer: new WeakMap(),
};

/**
 * A schema of arktype that holds to what it declares, at any depth. By itself it gives undeclared keys on as they came, which lets anybody
 * assign what wasn't offered, and lets an answer tell what nobody meant to tell.
 */
export function withoutUndeclared(schema: StandardSchemaV1, purpose: ValidationPurpose): StandardSchemaV1 {
  const known = made[purpose].get(schema);
  if (known) return known;
  const native = schema as Partial<ArkType>; // what says that it is arktype's has its methods
  if (typeof native.onDeepUndeclaredKey !== 'function')
    throw new TypeError(
      'a schema of arktype has no onDeepUndeclaredKey(), which is used to keep to what it declares',
    );
  const own = native.onDeepUndeclaredKey(purpose === 'input' ? 'reject' : 'delete');
  made[purpose].set(schema, own);
  return own;
}
