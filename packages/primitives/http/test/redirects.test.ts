import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedirects } from '../src/index.js';

const own = createRedirects();
const listed = createRedirects({ origins: ['https://app.example', 'http://localhost:5173'] });

describe('a path of this server', () => {
  it.each([
    '/',
    '/posts',
    '/posts/1?tab=comments#top',
    '/a/../b',
    '/a%20b',
    '/@ada',
    '/x?next=https://evil.example',
  ])('%s may be led to', (target) => {
    expect(own(target)).toBe(target);
  });
});

describe('a listed origin', () => {
  it.each([
    ['https://app.example', 'https://app.example/'],
    ['https://app.example/welcome?a=b#c', 'https://app.example/welcome?a=b#c'],
    ['HTTPS://APP.example:443/x', 'https://app.example/x'],
    ['http://localhost:5173/x', 'http://localhost:5173/x'],
  ])('%s may be led to', (target, location) => {
    expect(listed(target)).toBe(location);
  });
});

// What open redirects were made of in other libraries, and what their fixes forgot.
const corpus = [
  ...['//evil.example', '///evil.example', '////evil.example/%2e%2e', '/\\evil.example', '\\\\evil.example'],
  ...['/\\/evil.example', '\\/evil.example', '/\tevil.example', '/\t/evil.example', '\t//evil.example'],
  ...[
    '/\n/evil.example',
    '/%0a/evil.example',
    '/x%0d%0aSet-Cookie:a=b',
    '/%00/evil.example',
    '/%5cevil.example',
  ],
  ...[
    '/%2f/evil.example',
    '/%2Fevil.example',
    '/.//evil.example',
    '/..//evil.example',
    '/x/..//evil.example',
  ],
  ...[
    '/%2e%2f/evil.example',
    '/%2e//evil.example',
    '/./%2fevil.example',
    ' //evil.example',
    ' /posts',
    '/ /x',
  ],
  ...[
    'https://evil.example',
    'http://app.example',
    'https://app.example.evil.example',
    'https://app.example@evil.example',
  ],
  ...[
    'https://app.example:pw@evil.example',
    'https://evil.example#app.example',
    'https://evil.example?app.example',
  ],
  ...[
    'https://evil.example/https://app.example',
    'https://app.example:444',
    'https://app.example.',
    'https:app.example',
  ],
  ...[
    'https:/app.example',
    'https:evil.example',
    'https:///evil.example',
    'https://user@app.example',
    'https://@app.example',
  ],
  ...[
    'https://app%2eexample',
    'https://app.example\\@evil.example',
    'https://app.example\\.evil.example',
    'https://app。example',
  ],
  ...[
    '//app。example',
    '/\u2215evil.example',
    'https://аpp.example',
    'https://app.example\u0000.evil.example',
  ],
  ...[
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\tscript:alert(1)',
    'javascript://app.example/%0aalert(1)',
  ],
  ...[
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://app.example/x',
  ],
  ...[
    'ftp://app.example',
    'app.example',
    'posts',
    './posts',
    '../posts',
    '?next=1',
    '#top',
    '',
    '.',
    '*',
    'null',
    'undefined',
  ],
  ...[
    'https://[::1]',
    'https://0x7f000001',
    'https://2130706433',
    'https://app.example%00.evil.example',
    'https://app.example%2f@evil.example',
  ],
  ...[`/${'a'.repeat(2_048)}`],
];

describe('what may not be led to', () => {
  it.each(corpus)('%j', (target) => {
    expect([own(target), listed(target)]).toEqual([undefined, undefined]);
  });

  it.each([undefined, null, 7, {}, ['/posts'], ['//evil.example', '/posts']])('%j', (target) => {
    expect(listed(target)).toBeUndefined();
  });

  it('is every other origin, whatever text it comes in', () => {
    const pieces = [
      '/',
      '//',
      '\\',
      '@',
      ':',
      '.',
      '..',
      '%2f',
      '%5c',
      '%09',
      '\t',
      '?',
      '#',
      'https:',
      'http:',
    ];
    const hosts = ['evil.example', 'app.example', '[::1]', '0', 'a', ' '];
    const text = fc
      .array(fc.oneof(fc.constantFrom(...pieces, ...hosts), fc.string({ maxLength: 3 })), { maxLength: 9 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (target) => {
        const location = listed(target);
        if (location === undefined) return;
        for (const page of ['https://api.example/login', 'http://api.example/a/b/c']) {
          const { origin, username } = new URL(location, page);
          expect(['https://app.example', 'http://localhost:5173', new URL(page).origin]).toContain(origin);
          expect(username).toBe('');
        }
      }),
      { numRuns: 5_000 },
    );
  });
});

it('refuses origins that no browser sends', () => {
  expect(() => createRedirects({ origins: ['https://*.example'] })).toThrow(/redirects\.origins\[0\]/);
  expect(() => createRedirects({ origins: ['https://app.example/'] })).toThrow(
    /write 'https:\/\/app\.example'/,
  );
  expect(() => createRedirects({ hosts: [] } as never)).toThrow(/hosts/);
});
