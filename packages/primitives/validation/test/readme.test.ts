import { expect, it } from 'vitest';
import { fields, isJson, parseJson, strictObject, validate } from '../src/index.js';

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
