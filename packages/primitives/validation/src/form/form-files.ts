import { ConfigError, checkNumber, checkOptions, type Size, toBytes } from '@secapi/kernel';
import { isPrototypeKey } from '../prototype-key.js';
import { extensions, type FileType } from './file-type.js';

/** A file that came in with a form, judged by its content; nothing of it was written anywhere. */
export interface UploadedFile {
  /** What it was called, made safe to show and to keep; not unique. */
  readonly name: string;
  /** What it is by its content; what the client said agrees with it. */
  readonly type: FileType;
  readonly bytes: Uint8Array;
}

/** What a file must be. */
export interface FileOptions {
  /** What it may be, by its content; a zip, and what is one inside, only where it is named. */
  readonly types: readonly [FileType, ...FileType[]];
  /** Of one file. @default '1mb' */
  readonly maxBytes?: Size;
}

/** A field of a form that takes files; made by {@link fileField}, {@link optionalFileField} or {@link fileListField}. */
export interface FileField<Output> {
  readonly types: ReadonlySet<string>;
  readonly maxBytes: number;
  readonly min: number;
  readonly max: number;
  /** What a handler is given, out of the files that came. */
  output(files: readonly UploadedFile[]): Output;
}

/** A form's bounds beside those of its files. */
export interface FormLimits {
  /** Of the whole body, as it streams. @default what its fields may have at most */
  readonly maxBytes?: Size;
  /** How many fields of text. @default 20 */
  readonly maxFields?: number;
  /** Of one of them, in bytes. @default '10kb' */
  readonly maxFieldBytes?: Size;
}

/** Which files a route takes. */
export interface FormFiles<Output = unknown> {
  readonly fields: ReadonlyMap<string, FileField<unknown>>;
  readonly maxBytes: number;
  readonly maxFields: number;
  readonly maxFieldBytes: number;
  /** Nothing at run time; the type of what a handler is given. */
  readonly output?: Output;
}

/** A field with exactly one file. */
export function fileField(options: FileOptions): FileField<UploadedFile> {
  // exactly one has come where this is asked
  return make('fileField', options, 1, 1, ([file]) => file as UploadedFile);
}

/** A field with one file or none. */
export function optionalFileField(options: FileOptions): FileField<UploadedFile | undefined> {
  return make('optionalFileField', options, 0, 1, ([file]) => file);
}

/** A field with several files. */
export function fileListField(
  options: FileOptions & {
    /** @default 0 */
    readonly min?: number;
    readonly max: number;
  },
): FileField<readonly UploadedFile[]> {
  const { min = 0, max, ...rest } = options;
  checkNumber('fileListField.max', max, { min: 1, max: 1_000 });
  checkNumber('fileListField.min', min, { min: 0, max });
  return make('fileListField', rest, min, max, (files) => files);
}

function make<Output>(
  option: string,
  options: FileOptions,
  min: number,
  max: number,
  output: FileField<Output>['output'],
): FileField<Output> {
  checkOptions(option, options, ['types', 'maxBytes']);
  const { types } = options;
  if (
    !Array.isArray(types) ||
    types.length === 0 ||
    !types.every((type) => Object.hasOwn(extensions, type))
  ) {
    throw new ConfigError(
      `${option}.types`,
      'names what is not known by its content',
      `use ${Object.keys(extensions).join(', ')}`,
    );
  }
  return {
    types: new Set(types),
    maxBytes: toBytes(`${option}.maxBytes`, options.maxBytes ?? '1mb'),
    min,
    max,
    output,
  };
}

type Outputs<Fields> = {
  readonly [Name in keyof Fields]: Fields[Name] extends FileField<infer Output> ? Output : never;
};

/** What a part takes beside its content: its boundary and its head. */
const overhead = 2_304;

/**
 * The files of a form (`multipart/form-data`, RFC 7578), bounded in number, in size each and together, and told by their content
 * (ASVS v5.0.0-5.2.1, 5.2.2).
 *
 * @throws ConfigError when a name or a bound makes no sense
 * @example
 * ```ts
 * const setAvatar = route({ access: 'signed-in', files: formFiles({ avatar: fileField({ types: ['image/png'] }) }) });
 * ```
 */
export function formFiles<const Fields extends Readonly<Record<string, FileField<unknown>>>>(
  files: Fields,
  limits: FormLimits = {},
): FormFiles<Outputs<Fields>> {
  checkOptions('formFiles', limits, ['maxBytes', 'maxFields', 'maxFieldBytes']);
  const fields = new Map<string, FileField<unknown>>(Object.entries(files));
  if (fields.size === 0)
    throw new ConfigError('formFiles', 'names no file', 'name the fields that take files, or leave it out');
  for (const name of fields.keys()) {
    if (!/^[A-Za-z_][\w.-]{0,63}$/.test(name) || isPrototypeKey(name))
      throw new ConfigError(
        'formFiles',
        `names '${name}', which is no field`,
        'use letters, digits, _, - and .',
      );
  }
  const maxFields = checkNumber('formFiles.maxFields', limits.maxFields ?? 20, { min: 0, max: 1_000 });
  const maxFieldBytes = toBytes('formFiles.maxFieldBytes', limits.maxFieldBytes ?? '10kb');
  let most = maxFields * (maxFieldBytes + overhead) + overhead;
  for (const { max, maxBytes } of fields.values()) most += max * (maxBytes + overhead);
  const maxBytes = limits.maxBytes === undefined ? most : toBytes('formFiles.maxBytes', limits.maxBytes);
  return { fields, maxBytes, maxFields, maxFieldBytes };
}
