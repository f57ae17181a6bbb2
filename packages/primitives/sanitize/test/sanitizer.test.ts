import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSanitizer, type SanitizerOptions, type SanitizerPreset } from '../src/index.js';
import { presetOf } from '../src/presets.js';
import { found } from './support/parse.js';
import { vectors } from './vectors.js';

const here = (options: SanitizerOptions = {}) => createSanitizer({ pool: 'none', ...options });
const sanitizer = here();
const clean = async (html: string, { sanitize } = sanitizer) => {
  const result = await sanitize(html);
  return result.ok ? result.html : result.reason;
};

const allowed = ['b', 'i', 'em', 'strong', 'p'];
const strangers = (html: string) => found(html).filter((name) => !allowed.includes(name));
const strangersTo = (name: SanitizerPreset, html: string) => {
  const { tags, attributes } = presetOf(name);
  const own = [...tags, ...[...attributes, 'rel', 'target'].map((attribute) => `@${attribute}`)];
  return found(html).filter((one) => !own.includes(one));
};

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

  it.each([
    ['article', here({ preset: 'article', links: { target: '_blank' } }), 2],
    ['basic', here(), 3],
    ['plain', here({ preset: 'plain' }), 9],
    ['email', here({ preset: 'email', links: { relative: 'remove' } }), 9],
  ] as const)('leaves nothing but what is allowed of any hostile text, as %s', async (name, one, step) => {
    for (const html of vectors.filter((_, i) => i % step === step - 1)) {
      const result = await clean(html, one);
      expect([html, result, strangersTo(name, result)]).toEqual([html, result, []]);
      expect(await clean(result, one)).toBe(result);
    }
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
    const small = here({ maxBytes: 10, maxDepth: 3 });
    expect(await clean('<b>é', small)).toBe('<b>é</b>');
    expect(await clean('<b>éééé', small)).toBe('HTML_TOO_LARGE');
    expect(await clean('no markup at all', small)).toBe('HTML_TOO_LARGE');
    const shallow = here({ maxDepth: 3 });
    expect(await clean('<b><i><em>x</em></i></b>', shallow)).toBe('<b><i><em>x</em></i></b>');
    expect(await clean('<b><i><em><p>x</p></em></i></b>', shallow)).toBe('HTML_TOO_DEEP');
    expect(await clean('<b>'.repeat(30_000))).toBe('HTML_TOO_DEEP');
    expect(await clean(`<b ${'a='.repeat(50_000)}`)).not.toContain('<');
  });

  it('gives back nothing that it would refuse', async () => {
    const small = here({ maxBytes: 20 });
    expect(await clean('<b>a & b</b>', small)).toBe('<b>a &amp; b</b>');
    expect(await clean('<b>a & b & c</b>', small)).toBe('HTML_TOO_LARGE');
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
    [{ preset: 'all' as 'plain' }, /sanitizer\.preset is not a preset: use one of plain, basic/],
    [{ pool: {} as 'none' }, /sanitizer\.pool is not a pool/],
    [{ maxSize: 1 } as SanitizerOptions, /sanitizer\.maxSize is not an option/],
  ])('refuses %j', (options, message) => {
    expect(() => createSanitizer(options)).toThrow(message);
  });
});
