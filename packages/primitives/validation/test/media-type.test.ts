import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isJson, parseMediaType } from '../src/index.js';

describe('parseMediaType', () => {
  it.each([
    ['application/json', 'application/json', {}],
    ['Application/JSON', 'application/json', {}],
    ['application/json;charset=utf-8', 'application/json', { charset: 'utf-8' }],
    ['text/plain \t; \tCharset="UTF-8"', 'text/plain', { charset: 'UTF-8' }],
    ['a/b;x="q\\"uo;t=e\\\\"; y=z', 'a/b', { x: 'q"uo;t=e\\', y: 'z' }],
    ['a/b;x=""', 'a/b', { x: '' }],
    ['application/problem+json', 'application/problem+json', {}],
    ['a/b;', 'a/b', {}],
    ['a/b;; ;x=1;', 'a/b', { x: '1' }],
    ['*/*', '*/*', {}],
  ])('reads %j', (header, essence, parameters) => {
    const parsed = parseMediaType(header);
    expect(parsed?.essence).toBe(essence);
    expect(`${parsed?.type}/${parsed?.subtype}`).toBe(essence);
    expect(Object.fromEntries(parsed?.parameters ?? [])).toEqual(parameters);
  });

  it.each([
    undefined,
    '',
    'application',
    'application/',
    '/json',
    ' application/json',
    'application/json ',
    '\tapplication/json',
    'application/json\t',
    'application/json\n',
    'application /json',
    'application/json charset=utf-8',
    'application/json,text/plain',
    'application/json; ',
    'application/json;charset',
    'application/json;charset=',
    'application/json;charset =utf-8',
    'application/json;charset= utf-8',
    'application/json;charset="utf-8',
    'application/json;charset="utf-8"x',
    'application/json;charset=utf-8;charset=utf-16',
    'application/json;Charset=utf-8;charset=utf-8',
    'application/json;x="\u0000"',
    'application/jsön',
    `application/${'x'.repeat(300)}`,
  ])('refuses %j', (header) => {
    expect(parseMediaType(header)).toBeUndefined();
    expect(isJson(header)).toBe(false);
  });

  it('reads back every parameter that the grammar can write', () => {
    const token = fc.stringMatching(/^[!#$%&'*+\-.^_`|~0-9a-z]{1,10}$/);
    const quoted = fc.stringMatching(/^[\t -~\x80-\xff]{0,10}$/);
    fc.assert(
      fc.property(
        token,
        token,
        fc.uniqueArray(fc.tuple(token, quoted), { selector: ([name]) => name, maxLength: 4 }),
        (type, subtype, parameters) => {
          const written = parameters.map(
            ([name, value]) => `; ${name}="${value.replaceAll(/["\\]/g, '\\$&')}"`,
          );
          const parsed = parseMediaType(`${type}/${subtype}${written.join('')}`);
          expect(parsed?.essence).toBe(`${type}/${subtype}`);
          expect([...(parsed?.parameters ?? [])]).toEqual(parameters);
        },
      ),
    );
  });
});

describe('isJson', () => {
  it.each([
    'application/json',
    'APPLICATION/JSON',
    'application/json; charset=UTF-8',
    'application/json;charset="utf-8"',
  ])('takes %j', (header) => expect(isJson(header)).toBe(true));

  it.each([
    'application/json;charset=utf-16',
    'application/json;charset=latin1',
    'text/json',
    'application/jsonp',
    'application/vnd.api+json',
    'text/plain',
    '*/*',
  ])('refuses %j', (header) => expect(isJson(header)).toBe(false));
});
