import type { Issue } from '../issues.js';
import { toIssue } from '../issues.js';
import { parseMediaType } from '../media-type.js';
import { isPrototypeKey } from '../prototype-key.js';
import { createBytes, type GrowingBytes } from './bytes.js';
import { safeFileName } from './file-name.js';
import { extensions, typeOf } from './file-type.js';
import type { FileField, FormFiles, UploadedFile } from './form-files.js';
import { createMultipartReader } from './multipart.js';
import type { PartHead } from './part-head.js';

/** Why a form is refused, where it isn't for what its files are. */
export type FormRefusal =
  | 'FORM_SYNTAX'
  | 'FORM_ENCODING'
  | 'FORM_DUPLICATE_FIELD'
  | 'FORM_PROTOTYPE_KEY'
  | 'FORM_TOO_MANY_FIELDS'
  | 'FORM_TOO_LARGE';

/** A form's texts, not validated yet, and its files, which are; or why it is refused. */
export type FormResult =
  | {
      readonly ok: true;
      readonly fields: Record<string, string>;
      readonly files: Readonly<Record<string, unknown>>;
    }
  | { readonly ok: false; readonly reason: FormRefusal }
  | { readonly ok: false; readonly reason: 'FORM_INVALID'; readonly issues: readonly Issue[] };

/** Takes the body of one form as it streams. */
export interface FormReader {
  /** `false` once it is refused: nothing more has to be read. */
  write(chunk: Uint8Array): boolean;
  end(): FormResult;
}

const decoder: TextDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
// 70 characters at most (RFC 2046 §5.1.1), without those that some readers trim or unquote
const boundaryPattern = /^[0-9A-Za-z'()+_,./:=?-]{1,70}$/;

/** The reader of a form with this content type; `undefined` when the type isn't that of a form. */
export function openForm(form: FormFiles, contentType: string | undefined): FormReader | undefined {
  const media = parseMediaType(contentType);
  if (media?.essence !== 'multipart/form-data') return undefined;
  const boundary = media.parameters.get('boundary') ?? '';
  const charset = media.parameters.get('charset')?.toLowerCase() ?? 'utf-8';
  return boundaryPattern.test(boundary) && charset === 'utf-8' ? readForm(form, boundary) : undefined;
}

interface Part {
  readonly name: string;
  readonly bytes: GrowingBytes;
  /** There when the part is a file of a field that takes files. */
  readonly field: FileField<unknown> | undefined;
  readonly fileName: string | undefined;
  readonly type: string | undefined;
}

function readForm(form: FormFiles, boundary: string): FormReader {
  const fields: Record<string, string> = Object.create(null);
  const files = new Map<string, UploadedFile[]>();
  /** Parts of each field that takes files, those of fields that were left empty too. */
  const parts = new Map<string, number>();
  const issues: Issue[] = [];
  let count = 0;
  let size = 0;
  let part: Part | undefined;
  let refused: FormRefusal | undefined;

  function refuse(reason: FormRefusal): false {
    refused ??= reason;
    return false;
  }

  /** Files that are refused for what they are end the form: nothing of it is of use. */
  function complain(path: string, code: Issue['code'], bound?: number): false {
    issues.push(toIssue(`/${path.slice(0, 64)}`, code, bound));
    return false;
  }

  function begin({ name, fileName, type }: PartHead): boolean {
    if (isPrototypeKey(name)) return refuse('FORM_PROTOTYPE_KEY');
    if (fileName === undefined) {
      if (++count > form.maxFields) return refuse('FORM_TOO_MANY_FIELDS');
      if (name in fields) return refuse('FORM_DUPLICATE_FIELD');
      if ((type !== undefined && type !== 'text/plain') || form.fields.has(name))
        return complain(name, 'type');
      part = { name, bytes: createBytes(form.maxFieldBytes), field: undefined, fileName, type };
      return true;
    }
    const field = form.fields.get(name);
    if (!field) return complain(name, 'unknown_key');
    const nth = (parts.get(name) ?? 0) + 1;
    if (nth > field.max) return complain(name, 'max_length', field.max);
    parts.set(name, nth);
    part = { name, bytes: createBytes(field.maxBytes), field, fileName, type };
    return true;
  }

  function data(chunk: Uint8Array): boolean {
    return part?.bytes.add(chunk) === true || refuse('FORM_TOO_LARGE');
  }

  function end(): boolean {
    if (!part) return false;
    const { name, fileName = '' } = part;
    const bytes = part.bytes.take();
    if (part.field) {
      if (fileName === '' && bytes.length === 0) return true; // what browsers send for a field that was left empty
      const type = typeOf(bytes);
      if (type === undefined || !part.field.types.has(type) || part.type !== type)
        return complain(name, 'type');
      const safe = safeFileName(fileName);
      if (!extensions[type].includes(safe.slice(safe.lastIndexOf('.') + 1).toLowerCase()))
        return complain(name, 'format');
      files.set(name, [...(files.get(name) ?? []), { name: safe, type, bytes }]);
      return true;
    }
    try {
      const text = decoder.decode(bytes);
      // by which a form says how its other texts are encoded (RFC 7578 §4.6): who heeds it reads other texts than who doesn't
      if (name === '_charset_' && text.toLowerCase() !== 'utf-8') return refuse('FORM_ENCODING');
      fields[name] = text;
      return true;
    } catch {
      return refuse('FORM_ENCODING');
    }
  }

  const reader = createMultipartReader(boundary, { begin, data, end });

  function write(chunk: Uint8Array): boolean {
    if (refused || issues.length > 0) return false;
    // what is within the bound is read first, so that the verdict is the same however the body was cut
    const written = reader.write(chunk.subarray(0, form.maxBytes - size));
    size += chunk.byteLength;
    if (written !== 'more') return written === 'syntax' ? refuse('FORM_SYNTAX') : false;
    return size <= form.maxBytes || refuse('FORM_TOO_LARGE');
  }

  function finish(): FormResult {
    if (refused) return { ok: false, reason: refused };
    if (issues.length === 0 && !reader.complete()) return { ok: false, reason: 'FORM_SYNTAX' };
    const outputs: Record<string, unknown> = {};
    for (const [name, { min, output }] of issues.length > 0 ? [] : form.fields) {
      const given = files.get(name) ?? [];
      if (given.length < min) complain(name, given.length === 0 ? 'missing' : 'min_length', min);
      else outputs[name] = output(given);
    }
    return issues.length > 0
      ? { ok: false, reason: 'FORM_INVALID', issues }
      : { ok: true, fields, files: outputs };
  }

  return { write, end: finish };
}
