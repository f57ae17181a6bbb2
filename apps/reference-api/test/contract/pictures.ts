import { describe, expect, it } from 'vitest';
import { expectInvalid, expectProblem, expectStatus } from '../support/claims.js';
import type { Received, Sent } from '../support/client.js';
import { newUser } from '../support/journey.js';
import type { GetWorld } from './world.js';

const path = '/api/me/picture';
const type = 'multipart/form-data; boundary=b';
const png = Buffer.from(
  '89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000049454e44ae426082',
  'hex',
);

function form(bytes: Uint8Array, name = 'me.png', ofType = 'image/png', field = 'picture'): Buffer {
  return Buffer.concat([
    Buffer.from(
      `--b\r\nContent-Disposition: form-data; name="${field}"; filename="${name}"\r\nContent-Type: ${ofType}\r\n\r\n`,
    ),
    bytes,
    Buffer.from('\r\n--b--\r\n'),
  ]);
}

/** A form with a file, beyond the contract: the picture that somebody shows of themselves. */
export function pictureClaims(world: GetWorld): void {
  const put = (raw: string | Uint8Array, more: Sent = {}): Promise<Received> =>
    world().writer.send('PUT', path, { raw, type, ...more });

  describe('a picture', () => {
    it('comes back as it was, to its owner alone, until it is deleted', async () => {
      const { api, writer, reader } = world();
      expectStatus(await put(form(png), { chunked: true }), 204);
      const headers = { authorization: `Bearer ${writer.accessToken}` };
      const answer = await fetch(`http://127.0.0.1:${api.port}${path}`, { headers });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/png']);
      expect(Buffer.compare(Buffer.from(await answer.arrayBuffer()), png)).toBe(0);
      expectProblem(await reader.send('GET', path), 404, 'NOT_FOUND');
      expectStatus(await put(form(Buffer.from('RIFF\x1a\0\0\0WEBPVP8L'), 'me.webp', 'image/webp')), 204);
      expect((await writer.send('GET', path)).headers['content-type']).toBe('image/webp');
      expectStatus(await writer.send('DELETE', path), 204);
      expectProblem(await writer.send('DELETE', path), 404, 'NOT_FOUND');
    });

    it('is what its content says, and nothing else comes with it', async () => {
      expectInvalid(await put(form(Buffer.from('<svg onload=alert(1)>'))), '/picture', 'type');
      expectInvalid(await put(form(png, 'me.html')), '/picture', 'format');
      expectInvalid(await put(form(png, 'me.png', 'text/html')), '/picture', 'type');
      expectInvalid(await put(form(png, 'me.png', 'image/png', 'other')), '/other', 'unknown_key');
      expectInvalid(await put('--b--\r\n'), '/picture', 'missing');
      expectProblem(await put('--b\r\nnonsense'), 400, 'REQUEST_INVALID');
      expectProblem(await put('{}', { type: 'application/json' }), 415, 'MEDIA_TYPE_UNSUPPORTED');
    });

    it('is bounded, with its length or without', async () => {
      const large = form(Buffer.concat([png, Buffer.alloc(300_000)]));
      for (const chunked of [false, true])
        expectProblem(await put(large, { chunked }), 413, 'BODY_TOO_LARGE');
    });

    it('is for who is signed in', async () => {
      const { api } = world();
      for (const method of ['GET', 'PUT', 'DELETE'])
        expectProblem(await api.send(method, path, { raw: form(png), type }), 401, 'UNAUTHENTICATED');
      expectProblem(await (await newUser(api)).send('GET', path), 404, 'NOT_FOUND');
    });
  });
}
