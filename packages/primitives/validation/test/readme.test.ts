import { expect, it } from 'vitest';
import {
  fields,
  fileField,
  fileListField,
  formFiles,
  isJson,
  openForm,
  parseJson,
  strictObject,
  validate,
} from '../src/index.js';
import { png, write } from './form-support.js';

it("the README's example does what it says", () => {
  const NewPost = strictObject({ title: fields.title(), html: fields.html() });

  async function readPost(request: { headers: { 'content-type'?: string }; body: Uint8Array }) {
    if (!isJson(request.headers['content-type'])) return { status: 415 };
    const json = parseJson(request.body);
    if (!json.ok) return { status: 400, code: json.reason };
    const post = await validate(NewPost, json.value);
    return post.ok ? { status: 201, title: post.value.title } : { status: 422, errors: post.issues };
  }

  const send = (type: string, text: string) =>
    readPost({ headers: { 'content-type': type }, body: new TextEncoder().encode(text) });
  return Promise.all([
    expect(send('application/json', '{"title":" A ","html":"<p>"}')).resolves.toEqual({
      status: 201,
      title: 'A',
    }),
    expect(send('application/json ', '{}')).resolves.toEqual({ status: 415 }),
    expect(send('application/json', '{"a":1,"a":2}')).resolves.toEqual({
      status: 400,
      code: 'JSON_DUPLICATE_KEY',
    }),
    expect(send('application/json', '{"title":"A","html":"x","role":"admin"}')).resolves.toEqual({
      status: 422,
      errors: [{ path: '/role', code: 'unknown_key', message: 'Is not a known key.' }],
    }),
  ]);
});

it("the README's form does what it says", () => {
  const album = formFiles(
    {
      cover: fileField({ types: ['image/png', 'image/jpeg'], maxBytes: '500kb' }),
      more: fileListField({ types: ['image/png'], max: 10 }),
    },
    { maxFields: 5, maxFieldBytes: '2kb' },
  );

  function readAlbum(contentType: string, chunks: Iterable<Uint8Array>) {
    const form = openForm(album, contentType);
    if (!form) return { status: 415 };
    for (const chunk of chunks) if (!form.write(chunk)) break;
    const read = form.end();
    return read.ok
      ? { status: 200, fields: read.fields, files: read.files }
      : { status: 422, reason: read.reason };
  }

  const cover = { name: 'cover', file: 'a.png', type: 'image/png', bytes: png };
  const type = 'multipart/form-data; boundary=b';
  expect(readAlbum(type, [write([{ name: 'title', bytes: 'x' }, cover])])).toMatchObject({
    status: 200,
    fields: { title: 'x' },
    files: { cover: { name: 'a.png' }, more: [] },
  });
  expect(readAlbum(type, [write([{ ...cover, bytes: '<script>' }])])).toMatchObject({ status: 422 });
  expect(readAlbum('text/plain', [])).toEqual({ status: 415 });
});
