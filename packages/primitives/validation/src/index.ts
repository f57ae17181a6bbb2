export type { MaybePromise } from '@secapi/kernel';
export type { StandardSchemaV1 } from '@standard-schema/spec';
export { declaredKeys } from './declared-keys.js';
export type { IssueCode, JsonRefusal, QueryRefusal } from './errors.js';
export type { DateBounds } from './fields/dates.js';
export type { LengthBounds } from './fields/lengths.js';
export type { AmountBounds, Money } from './fields/money.js';
export type { LimitField, OptionalTextField, SortField, SortKey } from './fields/page.js';
export type { TextField } from './fields/text.js';
export type { UrlOptions } from './fields/url.js';
export { type Fields, fields } from './fields.js';
export type { FileType } from './form/file-type.js';
export {
  type FileField,
  type FileOptions,
  type FormFiles,
  type FormLimits,
  fileField,
  fileListField,
  formFiles,
  optionalFileField,
  type UploadedFile,
} from './form/form-files.js';
export { type FormReader, type FormRefusal, type FormResult, openForm } from './form/read-form.js';
export type { Issue } from './issues.js';
export { type JsonResult, parseJson } from './json.js';
export { type JsonLimits, jsonLimits } from './json-limits.js';
export { checkStructure } from './json-structure.js';
export { isJson, type MediaType, parseMediaType } from './media-type.js';
export { parseQuery, type QueryLimits, type QueryResult } from './query.js';
export { strictObject } from './strict-object.js';
export { type ValidationPurpose, type ValidationResult, validate } from './validate.js';
