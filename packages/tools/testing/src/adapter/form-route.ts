import { type HandlerContext, type RouteSecurity, route } from '@secapi/core';
import { fields, fileField, formFiles, strictObject } from '@secapi/validation';

const upload = route({
  access: 'public',
  files: formFiles(
    { picture: fileField({ types: ['image/png'], maxBytes: '2kb' }) },
    { maxFields: 3, maxFieldBytes: '1kb' },
  ),
  body: strictObject({ caption: fields.title({ max: 50 }) }),
});

/** A route that takes a picture of 2 KB at most, and its caption. */
export const formRoute: RouteSecurity = upload;

/** What came in, in a few words. */
export function formAnswer(context: HandlerContext | undefined): unknown {
  const { body, files } = context as unknown as HandlerContext<typeof upload>; // its own route's context
  return {
    caption: body.caption,
    name: files.picture.name,
    type: files.picture.type,
    size: files.picture.bytes.byteLength,
  };
}
