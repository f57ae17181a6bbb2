import * as fc from 'fast-check';
import { JSDOM } from 'jsdom';
import { describe, expect, it } from 'vitest';
import { createSanitizer, type SanitizerOptions } from '../src/index.js';
import { corpus } from './corpus.js';

const sanitizer = createSanitizer();
const clean = async (html: string, { sanitize } = sanitizer) => {
  const result = await sanitize(html);
  return result.ok ? result.html : result.reason;
};

const parser = new new JSDOM('').window.DOMParser();

/** What a reader of the result finds in it: the names of its elements and attributes, in a page and in an element of one. */
function found(html: string): string[] {
  const { body } = parser.parseFromString(`<!doctype html><body>${html}`, 'text/html');
  const template = body.ownerDocument.createElement('template');
  template.innerHTML = html;
  return [...body.querySelectorAll('*'), ...template.content.querySelectorAll('*')].flatMap((element) => [
    element.namespaceURI === 'http://www.w3.org/1999/xhtml'
      ? element.localName
      : `foreign ${element.localName}`,
    ...[...element.attributes].map((attribute) => `@${attribute.name}`),
  ]);
}

const allowed = ['b', 'i', 'em', 'strong', 'p'];
const strangers = (html: string) => found(html).filter((name) => !allowed.includes(name));

describe('sanitize', () => {
  it.each([
    ['<p>Hello <b>you</b>, <i>and</i> <em>you</em> <strong>too</strong></p>', undefined],
    ['<p class="x">a</p>', '<p>a</p>'],
    ['<div>a <u>b</u></div>', 'a b'],
    ['<p>1 &lt; 2 &amp; "3"</p>', undefined],
    ['  <p>white\n space</p>\n', undefined],
    ['<p>a<p>b', '<p>a</p><p>b</p>'],
    ['<b>é 😀 \u05d0</b>', undefined],
    ['<p>a</p><script>b</script>', '<p>a</p>'],
    ['<p></p>', undefined],
    ['<p>this is="" text</p>', undefined],
    ['<b is="x-b">this is=""</b>', '<b>this is=""</b>'],
  ])('keeps what is honest in %j', async (html, expected) => {
    expect(await clean(html)).toBe(expected ?? html);
  });

  it.each(['', 'plain text', 'a > b && c', '&lt;script&gt;', 'line\nbreak\u00a0'])(
    'gives %j, which has no tag, back as it is',
    async (text) => {
      expect(await clean(text)).toBe(text);
    },
  );

  it.each(corpus)('leaves nothing but what is allowed of %j', async (html) => {
    const result = await clean(html);
    expect(strangers(result)).toEqual([]);
    expect(await clean(result)).toBe(result);
  });

  it('leaves nothing but what is allowed of any mixture of tags, and does not change it again', async () => {
    const piece = fc.constantFrom(
      ...'<b> </b> <i> </i> <p> </p> <em> </em> <svg> </svg> <math> </math> <mtext> <style> </style> <title> </title> <table> <td> <select> <option>'.split(
        ' ',
      ),
      ...'<template> </template> <form> </form> <a> </a> <noscript> </noscript> <textarea> <!-- --> <![CDATA[ ]]> <desc> <foreignObject> <mglyph>'.split(
        ' ',
      ),
      '<b title="',
      '">',
      'text',
      ' ',
      '&lt;',
      '&amp;',
      '<img src onerror=x>',
      '<',
      '>',
      '\u00a0',
      '\r',
      '\0',
      '\f',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 14 }), async (pieces) => {
        const result = await clean(pieces.join(''));
        expect(strangers(result.startsWith('HTML_') ? '' : result)).toEqual([]);
        expect(await clean(result)).toBe(result);
      }),
      { numRuns: 150 },
    );
  });

  it('bounds the size in bytes and the depth before anything is parsed', async () => {
    const small = createSanitizer({ maxBytes: 8, maxDepth: 3 });
    expect(await clean('<b>é', small)).toBe('<b>é</b>');
    expect(await clean('<b>ééé', small)).toBe('HTML_TOO_LARGE');
    expect(await clean('no markup', small)).toBe('HTML_TOO_LARGE');
    const shallow = createSanitizer({ maxDepth: 3 });
    expect(await clean('<b><i><em>x</em></i></b>', shallow)).toBe('<b><i><em>x</em></i></b>');
    expect(await clean('<b><i><em><p>x</p></em></i></b>', shallow)).toBe('HTML_TOO_DEEP');
    const start = performance.now();
    expect(await clean('<b>'.repeat(30_000))).toBe('HTML_TOO_DEEP');
    expect(await clean(`<b ${'a='.repeat(50_000)}`)).not.toContain('<');
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  it('keeps links only where they are asked for, and only those that lead somewhere harmless', async () => {
    const links = createSanitizer({ tags: ['a', 'p'], attributes: ['href', 'dir', 'title'] });
    const honest =
      '<p dir="rtl" title="x: y"><a href="https://example.com/">a</a><a href="/b?c#d">b</a><a href="mailto:a@b.c">c</a></p>';
    expect(await clean(honest, links)).toBe(honest);
    for (const html of corpus.filter((text) => text.startsWith('<a '))) {
      expect(await clean(html, links)).toBe('<a>x</a>');
    }
    expect(await clean('<a href="tel:1">x</a><a href="ftp://x">x</a>', links)).toBe('<a>x</a><a>x</a>');
  });

  it('refuses anything but a string', async () => {
    for (const value of [undefined, null, 5, ['<b>'], { toString: () => '<b>' }]) {
      await expect(sanitizer.sanitize(value as unknown as string)).rejects.toMatchObject({
        code: 'HTML_NOT_A_STRING',
      });
    }
  });

  it('lets others have their turn between two texts', async () => {
    let turns = 0;
    let done = false;
    const count = () => {
      turns++;
      if (!done) setImmediate(count);
    };
    setImmediate(count);
    await Promise.all(Array.from({ length: 30 }, () => clean('<p>a</p>')));
    done = true;
    expect(turns).toBeGreaterThanOrEqual(30);
  });
});

describe('createSanitizer', () => {
  it.each<[SanitizerOptions, RegExp]>([
    [{ tags: ['b', 'script'] }, /sanitizer\.tags\[1\] is not offered/],
    [{ tags: ['svg'] }, /sanitizer\.tags\[0\]/],
    [{ tags: ['B'] }, /sanitizer\.tags\[0\]/],
    [{ tags: 'b' as unknown as string[] }, /sanitizer\.tags is not a list/],
    [{ attributes: ['style'] }, /sanitizer\.attributes\[0\]/],
    [{ attributes: ['onclick'] }, /sanitizer\.attributes\[0\]/],
    [{ attributes: ['id'] }, /sanitizer\.attributes\[0\]/],
    [{ maxDepth: Number.NaN }, /sanitizer\.maxDepth/],
    [{ maxBytes: '1gb' as '1mb' }, /sanitizer\.maxBytes/],
    [{ maxSize: 1 } as SanitizerOptions, /sanitizer\.maxSize is not an option/],
  ])('refuses %j', (options, message) => {
    expect(() => createSanitizer(options)).toThrow(message);
  });
});
