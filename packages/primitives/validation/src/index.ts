export type { MaybePromise } from '@secapi/kernel';
export type { StandardSchemaV1 } from '@standard-schema/spec';
export type { IssueCode, JsonRefusal, QueryRefusal } from './errors.js';
export {
  type Fields,
  fields,
  type LengthBounds,
  type LimitField,
  type OptionalTextField,
  type TextField,
} from './fields.js';
export type { Issue } from './issues.js';
export { type JsonResult, parseJson } from './json.js';
export { type JsonLimits, jsonLimits } from './json-limits.js';
export { checkStructure } from './json-structure.js';
export { isJson, type MediaType, parseMediaType } from './media-type.js';
export { parseQuery, type QueryLimits, type QueryResult } from './query.js';
export { strictObject } from './strict-object.js';
export { type ValidationResult, validate } from './validate.js';
