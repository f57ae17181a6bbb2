import { describe, expect, it } from 'vitest';
import { goodClaims, signBy, text, world } from './support.js';

const ed = await world('EdDSA');

describe('a verifier against signed payloads made by hand', () => {
  const quoted = (claims: unknown): string => JSON.stringify(claims);
  const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
  it.each<[string, unknown]>([
    ['a list', [goodClaims()]],
    ['an empty list', []],
    ['a text', quoted(quoted(goodClaims()))],
    ['a number', '1'],
    ['null', 'null'],
    ['true', 'true'],
    ['nothing', ' '],
    ['no JSON', '{'],
    ['two values', `${quoted(goodClaims())}{}`],
    ['a byte order mark', `\uFEFF${quoted(goodClaims())}`],
    ['a name twice', quoted(goodClaims()).replace('{', '{"sub":"admin",')],
    ['a name twice, once escaped', quoted(goodClaims()).replace('{', '{"\\u0073ub":"admin",')],
    ['a nested name twice', quoted(goodClaims()).replace('{', '{"x":{"a":1,"a":2},')],
    ['a depth of 9', quoted(goodClaims()).replace('{', `{"x":${nested(8)},`)],
    ['a depth of 1,000', quoted(goodClaims()).replace('{', `{"x":${nested(1_000)},`)],
  ])('refuses a signed payload that is %s', async (_, payload) => {
    expect(await ed.verifier().verify(ed.forge(payload))).toEqual({ ok: false, reason: 'malformed' });
  });

  it('refuses a signed payload that is not UTF-8', async () => {
    const [header] = ed.forge({}).split('.');
    const bytes = Buffer.from(quoted(goodClaims()).replace('user-1', 'user-\u00ff'), 'latin1');
    const input = `${header}.${text(bytes)}`;
    expect(await ed.verifier().verify(`${input}.${signBy(ed.jwk, input)}`)).toEqual({
      ok: false,
      reason: 'malformed',
    });
  });

  it('accepts a payload with claims it does not know, and keeps none of them', async () => {
    const more = {
      role: 'admin',
      __proto__: { sub: 'x' },
      deep: JSON.parse(nested(7)),
      list: ['a', { b: '"' }],
    };
    const verdict = await ed.verifier().verify(ed.forge({ ...more, ...goodClaims() }));
    expect(verdict).toEqual({ ok: true, claims: goodClaims() });
  });
});
