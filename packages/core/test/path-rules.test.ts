import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePathRules } from '../src/guards/path-rules.js';

const rule = compilePathRules('rules', { '/public/': 'public', '/public/in': 'inner', '/a': 'a' }, 'others');

describe('rules by path', () => {
  it.each([
    ['/public/x', 'public'],
    ['/public/', 'public'],
    ['/public', 'others'],
    ['/public/in', 'inner'],
    ['/public/in/x', 'inner'],
    ['/public/inside', 'public'],
    ['/a', 'a'],
    ['/a/b', 'a'],
    ['/ab', 'others'],
    ['/', 'others'],
    ['/x/%20/ü', 'others'],
    ['/public/a%20b', 'public'],
    ['/x/a..b/.c', 'others'],
  ])('%s comes under %s', (path, expected) => {
    expect(rule(path)).toBe(expected);
  });

  it.each([
    '/x/%2e%2e/public/y',
    '/x/%2E%2e/public/y',
    '/x/../public/y',
    '/x/..;/public/y',
    '/x/./y',
    '/public/..',
    '/public/%2e%2e/x',
    '/public%2fx',
    '/public%5cx',
    '/public\\x',
    '/x%3b/y',
    '/x;y',
    '//public/x',
    '/public//x',
    '/%2e/public/x',
    '/x%252e',
    '/public/x%00',
    '/PUBLIC/x',
    '/%70ublic/x',
    'http://localhost/public/x',
    '*',
    '',
  ])('no rule holds for %j', (path) => {
    expect(rule(path)).toBeUndefined();
  });

  it('what a rule holds for is under it literally, whatever the spelling', () => {
    const piece = fc.constantFrom(
      'public',
      'PUBLIC',
      'in',
      'a',
      '..',
      '.',
      '%2e%2e',
      '%2f',
      ';',
      '\\',
      '',
      '%61',
      'x',
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 6 }),
        fc.constantFrom('/', '//', '%2f', '\\'),
        (pieces, slash) => {
          const path = `/${pieces.join(slash)}`;
          const found = rule(path);
          if (found === 'public' || found === 'inner') expect(path.startsWith('/public/')).toBe(true);
          if (found === 'others') expect(/^\/(?:public\/|a(?:\/|$))/i.test(path)).toBe(false);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('of which there are none, all are under the others', () => {
    expect(compilePathRules('rules', {}, 'others')('//x;y/..')).toBe('others');
  });
});
