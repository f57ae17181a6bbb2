import { type FormFiles, type FormResult, openForm, type UploadedFile } from '../src/index.js';

/** The smallest picture. */
export const png = Buffer.from(
  '89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000049454e44ae426082',
  'hex',
);

/** A part of a form. */
export interface Sent {
  readonly name: string;
  readonly file?: string;
  readonly type?: string;
  readonly bytes?: Uint8Array | string;
}

/** A form with these parts, as browsers write it. */
export function write(parts: readonly Sent[], boundary = 'b'): Buffer {
  const chunks = parts.flatMap(({ name, file, type, bytes = '' }) => [
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file === undefined ? '' : `; filename="${file}"`}\r\n`,
    type === undefined ? '\r\n' : `Content-Type: ${type}\r\n\r\n`,
    bytes,
    '\r\n',
  ]);
  return Buffer.concat([...chunks, `--${boundary}--\r\n`].map((chunk) => Buffer.from(chunk as string)));
}

/** What becomes of a body that comes in steps of so many bytes. */
export function read(
  form: FormFiles,
  body: Uint8Array,
  step = Number.POSITIVE_INFINITY,
  boundary = 'b',
): FormResult {
  const reader = openForm(form, `multipart/form-data; boundary=${boundary}`);
  if (!reader) throw new Error('is not taken for a form');
  for (let at = 0; at < body.length; at += step) if (!reader.write(body.subarray(at, at + step))) break;
  return reader.end();
}

/** The same as a text. */
export const outcome = (form: FormFiles, body: Uint8Array | string, step?: number): string => {
  const result = read(form, typeof body === 'string' ? Buffer.from(body, 'latin1') : body, step);
  if (result.ok) return 'ok';
  return result.reason === 'FORM_INVALID'
    ? result.issues.map(({ path, code }) => `${path} ${code}`).join()
    : result.reason;
};

/** The file of a field `picture`. */
export const pictureOf = (result: FormResult): UploadedFile => {
  if (!result.ok) throw new Error(result.reason);
  return result.files.picture as UploadedFile;
};
