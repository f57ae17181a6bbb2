import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseQuery } from '../src/index.js';

describe('parseQuery', () => {
  it.each([
    ['', {}],
    ['limit=20&cursor=abc', { limit: '20', cursor: 'abc' }],
    ['q=a+b%20c&r=%C3%A9', { q: 'a b c', r: 'é' }],
    ['a', { a: '' }],
    ['a=1&&b=2&', { a: '1', b: '2' }],
    ['a[b]=1&a[c]=2', { 'a[b]': '1', 'a[c]': '2' }],
    ['a=b=c', { a: 'b=c' }],
    ['?a=1', { '?a': '1' }],
  ])('reads %j', (query, value) => {
    expect(parseQuery(query)).toEqual({ ok: true, value: Object.assign(Object.create(null), value) });
  });

  it.each([
    ['a=1&a=2', 'QUERY_DUPLICATE_KEY'],
    ['a=1&%61=2', 'QUERY_DUPLICATE_KEY'],
    ['__proto__=1', 'QUERY_PROTOTYPE_KEY'],
    ['%5f_proto__=1', 'QUERY_PROTOTYPE_KEY'],
    ['constructor=1', 'QUERY_PROTOTYPE_KEY'],
    ['prototype', 'QUERY_PROTOTYPE_KEY'],
    ['a=%', 'QUERY_SYNTAX'],
    ['a=%zz', 'QUERY_SYNTAX'],
    ['a=%ff', 'QUERY_SYNTAX'],
    ['a=%c0%af', 'QUERY_SYNTAX'],
    ['a=%ed%a0%80', 'QUERY_SYNTAX'],
    ['a=b c', 'QUERY_SYNTAX'],
    ['a=é', 'QUERY_SYNTAX'],
    ['a=\n', 'QUERY_SYNTAX'],
    [`a=${'x'.repeat(8_191)}`, 'QUERY_TOO_LARGE'],
    ['&'.repeat(101), 'QUERY_TOO_LARGE'],
  ])('refuses %#: %.40s', (query, reason) => {
    expect(parseQuery(query)).toEqual({ ok: false, reason });
  });

  it('gives an object without a prototype', () => {
    const result = parseQuery('a=1');
    expect(result.ok && Object.getPrototypeOf(result.value)).toBe(null);
  });

  it('keeps its limits, and refuses limits that make no sense', () => {
    expect(parseQuery('a=1&b=2', { maxParameters: 2 }).ok).toBe(true);
    expect(parseQuery('a=1&b=2&c=3', { maxParameters: 2 })).toEqual({ ok: false, reason: 'QUERY_TOO_LARGE' });
    expect(() => parseQuery('a=1', { maxLength: Number.POSITIVE_INFINITY })).toThrow(/limits\.maxLength/);
  });

  it('agrees with URLSearchParams on all that it takes', () => {
    const piece = fc.constantFrom(
      'a',
      'b',
      '=',
      '&',
      '+',
      '%20',
      '%26',
      '%3D',
      '%41',
      '%C3%A9',
      '%',
      '[',
      ']',
      '?',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const result = parseQuery(pieces.join(''));
        if (result.ok)
          expect(Object.entries(result.value)).toEqual([...new URLSearchParams(`?${pieces.join('')}`)]);
      }),
      { numRuns: 1_000 },
    );
  });
});
