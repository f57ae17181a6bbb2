import { fields, fileField, formFiles, optionalFileField, strictObject } from '@secapi/validation';
import { describe, expect, it } from 'vitest';
import { errorsOf, json, seenBy } from './support.js';

const png = Buffer.from(
  '89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000049454e44ae426082',
  'hex',
);

describe('files', () => {
  const files = formFiles({
    avatar: fileField({ types: ['image/png'], maxBytes: 1_000 }),
    extra: optionalFileField({ types: ['application/pdf'] }),
  });
  const setAvatar = { access: 'public', files, body: strictObject({ caption: fields.title() }) } as const;
  const form = (entries: Record<string, string | File>): RequestInit => {
    const body = new FormData();
    for (const [name, value] of Object.entries(entries)) body.append(name, value);
    return { method: 'POST', body };
  };
  const avatar = new File([png], 'me.png', { type: 'image/png' });

  it('come to the handler with the texts of their form, each judged', async () => {
    const { seen, send } = await seenBy(setAvatar);
    expect((await send('/x', form({ caption: ' Me ', avatar })))[0]).toBe(200);
    expect(seen).toMatchObject([
      { body: { caption: 'Me' }, files: { avatar: { name: 'me.png', type: 'image/png' }, extra: undefined } },
    ]);
  });

  it.each([
    ['no file', { caption: 'a' }, 422, ['/avatar missing']],
    [
      'an empty one',
      { caption: 'a', avatar: new File([], 'me.png', { type: 'image/png' }) },
      422,
      ['/avatar type'],
    ],
    [
      'a script that says it is a picture',
      { caption: 'a', avatar: new File(['<script>'], 'me.png', { type: 'image/png' }) },
      422,
      ['/avatar type'],
    ],
    [
      'a picture that says it is a page',
      { caption: 'a', avatar: new File([png], 'me.html', { type: 'text/html' }) },
      422,
      ['/avatar type'],
    ],
    [
      'a picture that is called a program',
      { caption: 'a', avatar: new File([png], 'me.php', { type: 'image/png' }) },
      422,
      ['/avatar format'],
    ],
    ['a file that nobody asked for', { caption: 'a', avatar, other: avatar }, 422, ['/other unknown_key']],
    ['a text that nobody asked for', { caption: 'a', avatar, admin: 'true' }, 422, ['/admin unknown_key']],
    ['no text', { avatar }, 422, ['/caption missing']],
    [
      'a large file',
      { caption: 'a', avatar: new File([png, 'x'.repeat(1_000)], 'me.png', { type: 'image/png' }) },
      413,
      [],
    ],
  ])('are refused for %s', async (_what, entries, status, errors) => {
    const { seen, send } = await seenBy(setAvatar);
    const [got, problem] = await send('/x', form(entries as Record<string, string | File>));
    expect([got, errorsOf(problem), seen]).toEqual([status, errors, []]);
  });

  it('come in no other way than in a form, and a form is no body of others', async () => {
    const { seen, send } = await seenBy(setAvatar);
    expect((await send('/x', json({ caption: 'a' })))[0]).toBe(415);
    expect((await send('/x', { method: 'POST' }))[0]).toBe(415);
    const type = 'multipart/form-data; boundary=b';
    expect(
      (await send('/x', { method: 'POST', headers: { 'content-type': type }, body: 'nonsense' }))[0],
    ).toBe(400);
    const other = await seenBy({ access: 'public', body: strictObject({ caption: fields.title() }) });
    expect((await other.send('/x', form({ caption: 'a' })))[0]).toBe(415);
    expect([seen, other.seen]).toEqual([[], []]);
  });

  it('are read no further than they may be large', async () => {
    const { seen, send } = await seenBy(setAvatar);
    let pulled = 0;
    const head =
      '--b\r\nContent-Disposition: form-data; name="avatar"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n';
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(new TextEncoder().encode(pulled === 0 ? head : 'x'.repeat(100)));
        pulled++;
      },
    });
    const headers = { 'content-type': 'multipart/form-data; boundary=b' };
    const [status] = await send('/x', {
      method: 'POST',
      headers,
      body: endless,
      duplex: 'half',
    } as RequestInit);
    expect([status, seen, pulled < 30]).toEqual([413, [], true]);
  });
});
