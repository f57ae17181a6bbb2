import * as fc from 'fast-check';
import { JSDOM } from 'jsdom';
import { describe, expect, it } from 'vitest';
import { nestsDeeperThan } from '../src/nesting.js';

const parser = new new JSDOM('').window.DOMParser();
// what a parser puts into a table by itself
const implied = ['tbody', 'tr', 'colgroup'];

/** How deep the elements really are, also in templates. */
function depthOf(root: Element | DocumentFragment): number {
  let depth = 0;
  for (const child of root.children) {
    const content = child.localName === 'template' ? (child as HTMLTemplateElement).content : undefined;
    const inside = Math.max(depthOf(child), content ? depthOf(content) : 0);
    depth = Math.max(depth, inside + (implied.includes(child.localName) ? 0 : 1));
  }
  return depth;
}

describe('nestsDeeperThan', () => {
  it.each([
    ['text < 3 <3', 0],
    ['<p>a</p><p>b</p>', 1],
    ['<p>a<p>b<p>c<br>d', 1],
    ['<ul><li>a<li><b>b</b><li>c</ul><ul><li>d</ul>', 3],
    ['<p><b><i>x</i></b></p>', 3],
    ['<p class="a" id=b hidden><b>x</b></p>', 2],
    ['<b></x></x><b></x>', 2],
    ['<b><!--</b>--><b>', 2],
    ['<b title="</b>"><b>', 2],
    ['<b><i></b></i>', 2],
    ['<svg><wbr><wbr><wbr>', 4],
  ])('counts %j as %i', (html, depth) => {
    expect([nestsDeeperThan(html, depth), depth > 0 && nestsDeeperThan(html, depth - 1)]).toEqual([
      false,
      depth > 0,
    ]);
  });

  it('takes any number of tags that stand beside each other', () => {
    expect(nestsDeeperThan('<p>a <b>b</b></p>\n'.repeat(2_000), 2)).toBe(false);
  });

  it('never counts less than a parser finds', () => {
    const names =
      'b i p a li ul dd dt div svg math mtext desc foreignObject td table wbr br hr input option select template xmp style title h1 button nobr x-y'.split(
        ' ',
      );
    const piece = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...names).map((name) => `<${name}>`) },
      { weight: 4, arbitrary: fc.constantFrom(...names).map((name) => `</${name}>`) },
      // end tags that are none
      {
        weight: 2,
        arbitrary: fc
          .tuple(
            fc.constantFrom('<!--', '<b a="', "<b a='", '<b x"=">', '<b a=', '<? '),
            fc.constantFrom('b', 'i'),
            fc.constantFrom('-->', '">', "'>"),
          )
          .map(([start, name, end]) => `<${name}>${start}</${name}>${end}`),
      },
      {
        weight: 2,
        arbitrary: fc.constantFrom(
          '<b a="1">',
          '<b a=2>',
          "<b a='3'>",
          '<b a="',
          '">',
          "'>",
          '<!--',
          '-->',
          '<!',
          '<?',
          '</ ',
          '>',
          '<b/>',
          '<B\n>',
          '<svg/>',
          'x',
          ' ',
          '<b x"=">',
          '<b a =">',
          '<b "',
          '<![CDATA[',
          ']]>',
        ),
      },
    );
    fc.assert(
      // a mistake of one in a few tags is seen when they come again and again
      fc.property(fc.array(piece, { maxLength: 12 }), fc.integer({ min: 1, max: 6 }), (pieces, times) => {
        const html = pieces.join('').repeat(times);
        const depth = depthOf(parser.parseFromString(`<!doctype html><body>${html}`, 'text/html').body);
        // a `</p>` or `</br>` that closes nothing makes an element, in which nothing can stand
        if (depth > 1) expect(nestsDeeperThan(html, depth - 2)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});
