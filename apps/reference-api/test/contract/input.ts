import { describe, expect, it } from 'vitest';
import { expectProblem, expectStatus } from '../support/claims.js';
import type { GetWorld } from './world.js';

const type = 'application/json';

function nested(depth: number): string {
  return `{"title":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)},"html":"x"}`;
}

/** JSON, strictly. */
export function inputClaims(world: GetWorld): void {
  const post = (raw: string | Uint8Array, contentType: string = type) =>
    world().writer.send('POST', '/api/posts', { raw, type: contentType });

  describe('JSON', () => {
    it.each([
      ['duplicate keys', '{"title":"a","title":"b","html":"x"}'],
      ['duplicate keys, one escaped', '{"title":"a","\\u0074itle":"b","html":"x"}'],
      ['depth 33', nested(33)],
      ['a cut text', '{"title":"a","html":'],
      ['an empty text', ''],
      ['two values', '{"title":"a","html":"x"} {}'],
      ['a byte order mark', '\ufeff{"title":"a","html":"x"}'],
      ['what is no JSON', "{title:'a'}"],
    ])('%s is 400', async (_, raw) => {
      expectProblem(await post(raw), 400, 'JSON_INVALID');
    });

    it('invalid UTF-8 is 400', async () => {
      const bytes = Buffer.concat([
        Buffer.from('{"title":"'),
        Buffer.from([0xc3, 0x28]),
        Buffer.from('","html":"x"}'),
      ]);
      expectProblem(await post(bytes), 400, 'JSON_INVALID');
    });

    it('depth 32 is only the wrong type', async () => {
      expectProblem(await post(nested(32)), 422, 'VALIDATION_FAILED');
    });

    it('every byte of valid UTF-8 comes back', async () => {
      const title = 'Grüße, 世界 🌍';
      const made = await post(JSON.stringify({ title, html: '<p>ä</p>' }));
      expectStatus(made, 201);
      expect(made.json()).toMatchObject({ title, html: '<p>ä</p>' });
    });

    it.each(['application/json; charset=utf-8', 'Application/JSON', 'application/json;charset=UTF-8'])(
      '%s is JSON',
      async (contentType) => {
        expectStatus(await post('{"title":"a","html":"x"}', contentType), 201);
      },
    );

    it('a body of nearly 100 KB is read, and judged by its schema', async () => {
      const answer = await post(JSON.stringify({ title: 'x'.repeat(102_300), html: 'x' }));
      expectProblem(answer, 422, 'VALIDATION_FAILED');
      expect(answer.text).not.toContain('xxxxxxxx');
    });

    it('a body in another encoding is 415', async () => {
      const { writer } = world();
      const answer = await writer.send('POST', '/api/posts', {
        raw: 'not gzip at all',
        type,
        headers: { 'content-encoding': 'gzip' },
      });
      expectProblem(answer, 415, 'MEDIA_TYPE_UNSUPPORTED');
    });

    it('a problem never repeats what was sent', async () => {
      const answer = await post(JSON.stringify({ title: { canary: 'canary-7f3a' }, html: 'x' }));
      expectProblem(answer, 422, 'VALIDATION_FAILED');
      expect(answer.text).not.toContain('canary-7f3a');
    });
  });
}
