import { performance } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import { bearerToken } from '../src/index.js';

describe('bearerToken', () => {
  it('is none where nothing was sent', () => {
    expect(bearerToken([])).toEqual({ kind: 'none' });
  });

  it.each(['Bearer', 'bearer', 'BEARER', 'bEaReR'])('reads the scheme as %s', (scheme) => {
    expect(bearerToken([`${scheme} aA0-._~+/==`])).toEqual({ kind: 'token', token: 'aA0-._~+/==' });
  });

  it.each<[string, readonly string[]]>([
    ['two headers', ['Bearer a', 'Bearer a']],
    ['two in one', ['Bearer a, Bearer b']],
    ['another scheme', ['Basic dXNlcjpwYXNz']],
    ['an empty value', ['']],
    ['no token', ['Bearer']],
    ['an empty token', ['Bearer ']],
    ['a tab', ['Bearer\ta']],
    ['two tokens', ['Bearer a b']],
    ['a space at the end', ['Bearer a ']],
    ['padding inside', ['Bearer a=b']],
    ['a line break', ['Bearer a\n']],
    ['a character outside the grammar', ['Bearer a"b']],
    ['a token of 9000 characters', [`Bearer ${'a'.repeat(9_000)}`]],
    ['the token alone', ['aaa.bbb.ccc']],
  ])('finds %s invalid', (_, values) => {
    expect(bearerToken(values)).toEqual({ kind: 'invalid' });
  });

  it('is done with 8 KB of spaces or padding in no time', () => {
    const start = performance.now();
    for (const filler of [' ', '=', 'a=']) bearerToken([`Bearer ${filler.repeat(8_185 / filler.length)}`]);
    expect(performance.now() - start).toBeLessThan(500);
  });
});
