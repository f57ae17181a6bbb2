import { type } from 'arktype';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { secapi } from '../src/fetch.js';
import { answer, type RouteSecurity, route } from '../src/index.js';
import { local, request, type World, world } from './support.js';

/** What the error said that the log holds. */
function messageOf(lines: World['lines']): string {
  const line = lines.find(({ level }) => level === 'error');
  return (line?.fields as { error: Error } | undefined)?.error.message ?? '';
}

describe('returns', () => {
  const answered = async (
    returns: RouteSecurity['returns'],
    value: unknown,
  ): Promise<[number, string, World['lines']]> => {
    const { shield, lines } = await world();
    const handler = secapi(shield).protect(
      route({ access: 'public', ...(returns && { returns }) }),
      () => value,
    );
    const response = await handler(request('/x'), local);
    return [response.status, await response.text(), lines];
  };
  const record = { id: '1', passwordHash: 'canary', tags: [{ name: 'a', secret: 'canary' }] };
  const views: [string, RouteSecurity['returns']][] = [
    ['valibot', v.object({ id: v.string(), tags: v.array(v.object({ name: v.string() })) })],
    ['zod', z.object({ id: z.string(), tags: z.array(z.object({ name: z.string() })) })],
    ['arktype', type({ id: 'string', tags: type({ name: 'string' }).array() })],
  ];

  it.each(views)('of %s lets out what it declares, at any depth and in lists', async (_name, view) => {
    expect((await answered(view, record)).slice(0, 2)).toEqual([200, '{"id":"1","tags":[{"name":"a"}]}']);
    const [status, text, lines] = await answered(view, { ...record, tags: [{ secret: 'canary' }] });
    expect([status, text.includes('canary')]).toEqual([500, false]);
    expect(messageOf(lines)).toContain('/tags/0/name missing');
    expect(messageOf(lines)).not.toContain('canary');
  });

  it.each([
    ['a list in place of an object', [record]],
    ['a text', 'canary'],
    ['nothing', answer(200)],
    ['a stream of Node', { pipe() {}, canary: 'canary' }],
    ['a stream of the web', new ReadableStream()],
    ['an asynchronous list', (async function* () {})()],
  ])('is not passed by %s', async (_what, value) => {
    for (const [, view] of views) {
      const [status, text, lines] = await answered(view, value);
      expect([status, text.includes('canary'), lines.some(({ level }) => level === 'error')]).toEqual([
        500,
        false,
        true,
      ]);
    }
  });

  it('holds for lists, and lets pass what says by its status that there is nothing', async () => {
    const list = v.array(v.object({ id: v.string() }));
    expect((await answered(list, [record, record])).slice(0, 2)).toEqual([200, '[{"id":"1"},{"id":"1"}]']);
    expect((await answered(list, [record, { id: 2 }]))[0]).toBe(500);
    expect((await answered(list, answer(204)))[0]).toBe(204);
    expect((await answered(list, answer(303, undefined, [['location', '/y']])))[0]).toBe(303);
  });

  it('a stream is never written as JSON of its inner state, with returns or without', async () => {
    const [status, text, lines] = await answered(undefined, { pipe() {}, canary: 'canary' });
    expect([status, text.includes('canary')]).toEqual([500, false]);
    expect(messageOf(lines)).toMatch(/is a stream/);
  });
});
