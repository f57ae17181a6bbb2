import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eachLink, plainAddress } from '../src/links.js';
import { isPlainlyStable } from '../src/stable.js';
import { engineHere } from './support/parse.js';

const tags =
  'b i em strong u s del small code span sub sup mark kbd a p div blockquote pre ul ol li h1 h2 br q hr'.split(
    ' ',
  );
const given = ' rel="ugc"';
const links = [
  'https://example.com/?a=1&amp;b=2#c',
  '/x',
  '',
  'mailto:a@example.com',
  'a:b',
  '&quot;',
  'a b',
];

describe('isPlainlyStable', () => {
  const engine = engineHere();
  const lists = { tags, attributes: ['href', 'title'] };
  const clean = (html: string) =>
    eachLink(engine.clean(html, lists), given, (href) => plainAddress(href, 'keep'));
  const tellsStable = (html: string) => isPlainlyStable(html, new Set(tags), given);

  it.each([
    'text &amp; text',
    '<p>a<br>b</p><ul><li>c <b>d</b></li></ul>',
    '<h1>a</h1><blockquote><p>b</p></blockquote><pre> c\nd</pre>',
    '<a href="https://example.com/" rel="ugc">x <code>y</code></a>',
  ])('knows %j without a second pass', (html) => {
    expect([tellsStable(html), clean(html)]).toEqual([true, html]);
  });

  it.each([
    '<p><p>a</p></p>',
    '<p><ul></ul></p>',
    '<a href="/a" rel="ugc"><b><a>x</a></b></a>',
    '<pre>\n\nx</pre>',
    '<ul><li><li>x</li></li></ul>',
    '<h1><h2>x</h2></h1>',
    '<a href="/a">x</a>',
    '<a href="/a" rel="nofollow">x</a>',
    '<b title="x">y</b>',
    '<x>y</x>',
    '<b>y',
    '<br></br>',
  ])('does not answer for %j', (html) => {
    expect(tellsStable(html)).toBe(false);
  });

  it('says so only of results that a second pass leaves as they are', () => {
    const start = fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom(...tags).map((name) => `<${name}>`) },
      { weight: 1, arbitrary: fc.constantFrom(...links).map((href) => `<a href="${href}"${given}>`) },
    );
    const piece = fc.oneof(
      start,
      fc.constantFrom(...tags).map((name) => `</${name}>`),
      fc.constantFrom(
        ...['x', ' ', '\n', '&amp;', '&lt;', '&', '>', '&nbsp;', '\u00a0', '\f', '\r', '\0', '<b a>'],
      ),
    );
    const nested = fc.letrec<{ html: string }>((tie) => ({
      html: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom('x', ' ', '\n', '&amp;', '&nbsp;', '<br>'),
        fc
          .tuple(start, fc.array(tie('html'), { maxLength: 3 }))
          .map(([tag, inner]) => `${tag}${inner.join('')}</${/[a-z0-9]+/.exec(tag)?.[0]}>`),
      ),
    })).html;
    let told = 0;
    fc.assert(
      fc.property(
        fc.oneof(
          nested,
          fc.array(nested, { maxLength: 3 }).map((parts) => parts.join('')),
          fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
        ),
        (html) => {
          const once = clean(html);
          if (!tellsStable(once)) return;
          told++;
          expect(clean(once)).toBe(once);
        },
      ),
      { numRuns: 500 },
    );
    expect(told).toBeGreaterThan(100);
  });
});
