import { fields, strictObject } from '@secapi/validation';
import { type } from 'arktype';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { RouteSecurity } from '../src/index.js';
import { errorsOf, json, seenBy, world } from './support.js';

describe('headers and cookies', () => {
  const libraries: [string, RouteSecurity['headers'], RouteSecurity['cookies']][] = [
    [
      'valibot',
      strictObject({ 'x-tenant': fields.uuid(), 'x-note': v.optional(fields.title()) }),
      strictObject({ theme: v.optional(fields.role(['dark', 'light']), 'light') }),
    ],
    [
      'zod',
      z.strictObject({ 'x-tenant': z.uuid(), 'x-note': z.string().max(200).optional() }),
      z.strictObject({ theme: z.enum(['dark', 'light']).default('light') }),
    ],
    [
      'arktype',
      type({ 'x-tenant': 'string.uuid', 'x-note?': 'string <= 200' }),
      type({ 'theme?': "'dark' | 'light'" }),
    ],
  ];
  const tenant = '0198e2a0-1111-7222-8333-444455556666';

  it.each(libraries)(
    'are what their schema of %s gives, and nothing else',
    async (name, headers, cookies) => {
      const { seen, send } = await seenBy({ access: 'public', headers, cookies });
      const good = { 'x-tenant': tenant, 'x-other': 'canary', cookie: 'theme=dark; other=canary' };
      expect((await send('/x', { headers: good }))[0]).toBe(200);
      expect((await send('/x', { headers: { 'x-tenant': tenant } }))[0]).toBe(200);
      expect(seen).toMatchObject([
        { headers: { 'x-tenant': tenant }, cookies: { theme: 'dark' } },
        { headers: { 'x-tenant': tenant }, cookies: name === 'arktype' ? {} : { theme: 'light' } },
      ]);
      expect(JSON.stringify(seen)).not.toContain('canary');
      const [none, missing] = await send('/x');
      expect([none, errorsOf(missing)]).toEqual([422, ['/x-tenant missing']]);
      const [bad, problem] = await send('/x', { headers: { 'x-tenant': 'canary' } });
      expect([bad, JSON.stringify(problem).includes('canary')]).toEqual([422, false]);
      const [tossed, cookieProblem] = await send('/x', {
        headers: { 'x-tenant': tenant, cookie: 'theme=blue' },
      });
      expect([tossed, errorsOf(cookieProblem)]).toEqual([422, ['/theme invalid']]);
      expect((await send('/x', { headers: { 'x-tenant': tenant, cookie: 'theme' } }))[1].code).toBe(
        'COOKIE_INVALID',
      );
      expect(seen).toHaveLength(2);
    },
  );

  it('believes neither of two cookies with one name', async () => {
    const { seen, send } = await seenBy({
      access: 'public',
      cookies: strictObject({ theme: v.optional(v.string()) }),
    });
    expect((await send('/x', { headers: { cookie: 'theme=a; theme=b; x=1' } }))[0]).toBe(200);
    expect(seen).toMatchObject([{ cookies: {} }]);
  });

  it('are refused at the declaration where nobody can tell which they are', async () => {
    const { shield } = await world();
    const declare = (security: RouteSecurity) => () => shield.declare(security);
    const all = v.record(v.string(), v.string());
    expect(declare({ access: 'public', headers: all })).toThrow(/route\.headers doesn't tell the names/);
    expect(declare({ access: 'public', cookies: z.record(z.string(), z.string()) })).toThrow(
      /route\.cookies doesn't tell/,
    );
    expect(declare({ access: 'public', headers: strictObject({ 'X-Tenant': v.string() }) })).toThrow(
      /lower case/,
    );
    expect(declare({ access: 'public', cookies: strictObject({ 'a b': v.string() }) })).toThrow(
      /names 'a b'/,
    );
  });
});

describe('a body by any Standard Schema', () => {
  const schemas: [string, RouteSecurity['body']][] = [
    ['valibot', strictObject({ title: v.pipe(v.string(), v.maxLength(5)), rank: v.optional(v.number()) })],
    ['zod', z.strictObject({ title: z.string().max(5), rank: z.number().optional() })],
    ['arktype', type({ title: 'string <= 5', 'rank?': 'number' })],
    [
      'an asynchronous valibot',
      v.pipeAsync(
        strictObject({ title: v.pipe(v.string(), v.maxLength(5)), rank: v.optional(v.number()) }),
        v.checkAsync(async () => true),
      ),
    ],
    [
      'an asynchronous zod',
      z.strictObject({ title: z.string().max(5), rank: z.number().optional() }).refine(async () => true),
    ],
  ];
  it.each(schemas)('of %s has the same codes, and never repeats what was sent', async (_name, body) => {
    const { seen, send } = await seenBy({ access: 'public', body });
    const cases: [unknown, string[]][] = [
      [{}, ['/title missing']],
      [{ title: 5 }, ['/title type']],
      [{ title: 'canary-1' }, ['/title max_length']],
      [{ title: 'a', canary: 'x' }, ['/canary unknown_key']],
      [{ title: 'a', rank: 'canary' }, ['/rank type']],
    ];
    for (const [value, expected] of cases) {
      const [status, problem] = await send('/x', json(value));
      expect([value, status, errorsOf(problem)]).toEqual([value, 422, expected]);
      expect(JSON.stringify(problem).replaceAll('/canary', '')).not.toContain('canary');
    }
    expect((await send('/x', json({ title: 'abc' })))[0]).toBe(200);
    expect(seen).toMatchObject([{ body: { title: 'abc' } }]);
  });

  const fails = (): never => {
    throw new Error('canary');
  };
  it.each([
    ['throws', v.pipe(v.unknown(), v.check(fails))],
    [
      'rejects',
      v.pipeAsync(
        v.unknown(),
        v.checkAsync(async () => fails()),
      ),
    ],
    ['throws in zod', z.unknown().refine(fails)],
    ['throws in arktype', type('unknown').narrow(fails)],
    [
      'gives nothing',
      { '~standard': { version: 1, vendor: 'own', validate: () => ({}) as { value: unknown } } } as const,
    ],
  ])('that %s is a 500, and never a pass', async (_what, body) => {
    const { seen, lines, send } = await seenBy({ access: 'public', body });
    const [status, problem] = await send('/x', json({}));
    expect([status, problem.code, seen]).toEqual([500, 'INTERNAL_ERROR', []]);
    expect(JSON.stringify(problem)).not.toContain('canary');
    expect(lines.some(({ level }) => level === 'error')).toBe(true);
  });
});

describe('a media type', () => {
  it.each([
    'application/json\t; a',
    'application/json; a',
    'application/json;',
    ' application/json',
    'application/json, application/json',
    'application/json; charset=utf-16',
    'application/json; charset=latin1',
    'application/json; charset=utf-8; charset=utf-8',
    'application/vnd.api+json',
    'application/jsonx',
    'application/json/x',
    'application\\json',
    'text/json',
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    '*/*',
    '',
  ])('%j is JSON to everybody or to nobody', async (contentType) => {
    const { seen, send } = await seenBy({ access: 'public', body: strictObject({ title: fields.title() }) });
    const [status] = await send('/x', {
      method: 'POST',
      headers: { 'content-type': contentType },
      body: '{"title":"x"}',
    });
    // what is JSON by the grammar is JSON, whatever spaces fetch has taken away
    const taken = contentType.trim() === 'application/json' || contentType === 'application/json;';
    expect([status, seen.length]).toEqual(taken ? [200, 1] : [415, 0]);
  });

  it.each(['gzip', 'deflate', 'br', 'identity, gzip', 'gzip, identity', 'x'])(
    'with the coding %s is refused',
    async (coding) => {
      const { seen, send } = await seenBy({
        access: 'public',
        body: strictObject({ title: fields.title() }),
      });
      const headers = { 'content-type': 'application/json', 'content-encoding': coding };
      expect((await send('/x', { method: 'POST', headers, body: '{"title":"x"}' }))[0]).toBe(415);
      const plain = { ...headers, 'content-encoding': 'identity' };
      expect((await send('/x', { method: 'POST', headers: plain, body: '{"title":"x"}' }))[0]).toBe(200);
      expect(seen).toHaveLength(1);
    },
  );
});
