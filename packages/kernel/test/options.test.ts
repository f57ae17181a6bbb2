import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { ConfigError, checkNumber, checkOptions } from '../src/index.js';

describe('checkOptions', () => {
  it('lets known options pass, and none at all', () => {
    expect(() => checkOptions('cors', { origins: [], maxAge: 1 }, ['origins', 'maxAge'])).not.toThrow();
    expect(() => checkOptions('cors', {}, ['origins'])).not.toThrow();
    expect(() => checkOptions('cors', Object.create(null), ['origins'])).not.toThrow();
  });

  it('refuses a misspelt option and names the ones there are', () => {
    expect(() => checkOptions('cors', { origin: '*' }, ['origins', 'maxAge'])).toThrow(
      new ConfigError('cors.origin', 'is not an option', 'use one of origins, maxAge'),
    );
  });

  it('refuses a misspelt option even when its value is undefined', () => {
    expect(() => checkOptions('cors', { origin: undefined }, ['origins'])).toThrow(ConfigError);
  });

  it('refuses an own key that looks like a part of the prototype', () => {
    expect(() => checkOptions('cors', JSON.parse('{"__proto__":{}}'), ['origins'])).toThrow('cors.__proto__');
    expect(() => checkOptions('cors', { constructor: 1 }, ['origins'])).toThrow('cors.constructor');
  });

  it.each([
    ['undefined', undefined],
    ['null', null],
    ['a number', 1],
    ['a text', 'text'],
    ['an array', []],
    ['a function', () => {}],
    ['a map, whose entries are no keys', new Map([['origins', ['*']]])],
    ['a date', new Date(0)],
    ['an instance', new (class Options {})()],
    ['an object that inherits its options', Object.create({ origins: ['*'] })],
  ])('refuses %s in place of an object literal', (_what, value) => {
    expect(() => checkOptions('cors', value, ['origins'])).toThrow(
      'cors is not a plain object: pass { origins }',
    );
  });

  it('takes an object literal of another realm', () => {
    const foreign = runInNewContext('({ origins: [] })');
    expect(() => checkOptions('cors', foreign, ['origins'])).not.toThrow();
  });
});

describe('checkNumber', () => {
  const bounds = { min: 1, max: 10 };

  it('gives the number back, at both ends of its bounds as well', () => {
    expect([1, 5, 10].map((value) => checkNumber('limit', value, bounds))).toEqual([1, 5, 10]);
    expect(checkNumber('ratio', 0.5, { min: 0, max: 1, fraction: true })).toBe(0.5);
  });

  it.each([
    ['NaN', Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['a fraction', 1.5],
    ['a text', '5'],
    ['null', null],
    ['undefined', undefined],
    ['a bigint', 5n],
    ['an array', [5]],
    ['an object', { valueOf: (): number => 5 }],
  ])('refuses %s', (_what, value) => {
    expect(() => checkNumber('limit', value, bounds)).toThrow(
      'limit is not a whole number: use a whole number from 1 to 10',
    );
  });

  it.each([0, 11, -1, Number.MAX_VALUE])('refuses %d, which is out of bounds', (value) => {
    expect(() => checkNumber('limit', value, bounds)).toThrow(
      new ConfigError('limit', `is ${value}`, 'use a whole number from 1 to 10'),
    );
  });

  it.each([Number.NaN, Number.NEGATIVE_INFINITY, '0.5'])(
    'refuses %s where fractions are allowed',
    (value) => {
      expect(() => checkNumber('ratio', value, { min: 0, max: 1, fraction: true })).toThrow(
        'ratio is not a finite number: use a number from 0 to 1',
      );
    },
  );
});
