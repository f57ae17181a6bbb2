import { describe, expect, it } from 'vitest';
import { createSanitizer, type LinkOptions } from '../src/index.js';
import { vectors } from './vectors.js';

const ugc = ' rel="noopener noreferrer nofollow ugc"';
const sanitizerOf = (links?: LinkOptions) =>
  createSanitizer({ preset: 'comment', pool: 'none', ...(links ? { links } : {}) });

/** The result, which is the same when it is sanitized again. */
async function clean(html: string, { sanitize } = sanitizerOf()): Promise<string> {
  const result = await sanitize(html);
  if (!result.ok) return result.reason;
  expect(await sanitize(result.html)).toEqual(result);
  return result.html;
}
const hrefOf = async (href: string, sanitizer = sanitizerOf()) =>
  / href="([^"]*)"/.exec(await clean(`<a href="${href}">x</a>`, sanitizer))?.[1];

describe('links', () => {
  const plain = sanitizerOf();

  it.each([
    ['https://example.com/a?b=c&amp;d#e', undefined],
    ['http://example.com', 'http://example.com/'],
    ['HTTPS://EXAMPLE.com/%7e', 'https://example.com/%7e'],
    ['https://bücher.example/ä', 'https://xn--bcher-kva.example/%C3%A4'],
    ['mailto:a@example.com?subject=x', undefined],
    [' /b?c#d ', '/b?c#d'],
    ['my file.html', 'my%20file.html'],
    ['//example.com/x', 'https://example.com/x'],
    ['/\\example.com', 'https://example.com/'],
    ['', undefined],
  ])('keeps %j', async (href, expected) => {
    expect(await hrefOf(href, plain)).toBe(expected ?? href);
  });

  it.each([
    'tel:1',
    'ftp://example.com',
    'https://bank.example@evil.example/',
    'https://a:b@evil.example/',
    '//bank.example@evil.example',
    'https://',
    'https://[',
    'mailto:"<x>',
  ])('takes %j away', async (href) => {
    expect(await hrefOf(href.replaceAll('"', '&quot;'), plain)).toBe(undefined);
  });

  it('takes every address away that a browser would run', async () => {
    for (const html of vectors.filter((text) => text.startsWith('<a href='))) {
      const result = await clean(html, plain);
      const href = / href="([^"]*)"/.exec(result)?.[1] ?? '';
      // whatever is left is a path on this site
      expect([html, new URL(href, 'https://example.com/').origin]).toEqual([html, 'https://example.com']);
    }
  });

  it("gives each link a rel of ours and nothing of its author's", async () => {
    const html = '<a href="/a" rel="opener" target="x">a</a><a name=b>b</a><p href="/c">c</p>';
    expect(await clean(html, plain)).toBe(`<a href="/a"${ugc}>a</a><a>b</a><p href="/c">c</p>`);
    const own = sanitizerOf({ rel: ['noopener', 'sponsored'], target: '_blank' });
    expect(await clean(html, own)).toContain('<a href="/a" rel="noopener sponsored" target="_blank">a</a>');
    expect(await clean(html, sanitizerOf({ rel: [] }))).toContain('<a href="/a">a</a>');
  });

  it('is not misled by what looks like a link in a value', async () => {
    const titled = createSanitizer({ tags: ['a', 'b'], attributes: ['href', 'title', 'lang'], pool: 'none' });
    const html = '<b title="<a href=" lang="/x">x</b><a title=">" href="/y">y</a>';
    const result = await titled.sanitize(html);
    expect(result).toEqual({
      ok: true,
      html: `<b title="&lt;a href=" lang="/x">x</b><a title="&gt;" href="/y"${ugc}>y</a>`,
    });
  });

  it('removes relative ones, or makes them whole', async () => {
    const removing = sanitizerOf({ relative: 'remove' });
    expect(await hrefOf('/a', removing)).toBe(undefined);
    expect(await hrefOf('//example.com/a', removing)).toBe('https://example.com/a');
    const whole = sanitizerOf({ relative: { base: 'https://example.com/posts/1' } });
    expect(await hrefOf('2?x#y', whole)).toBe('https://example.com/posts/2?x#y');
    expect(await hrefOf('https://other.example/', whole)).toBe('https://other.example/');
  });
});

describe('links.rewrite', () => {
  const out = ({ href, host, protocol }: URL): string | undefined => {
    if (protocol === 'mailto:' || host === 'evil.example') return undefined;
    return host === 'out.example' ? href : `https://out.example/?to=${encodeURIComponent(href)}`;
  };
  const rewriting = sanitizerOf({ rewrite: out });

  it('gives addresses others or takes them away, and then leaves them as they are', async () => {
    const html =
      '<a href="https://a.example/?b&amp;c">1</a><a href="//evil.example">2</a><a href="/d">3</a><a href="mailto:e@f.g">4</a>';
    expect(await clean(html, rewriting)).toBe(
      `<a href="https://out.example/?to=https%3A%2F%2Fa.example%2F%3Fb%26c"${ugc}>1</a><a>2</a><a href="/d"${ugc}>3</a><a>4</a>`,
    );
  });

  it.each([
    ['javascript:alert(1)'],
    ['data:text/html,x'],
    ['https://user@evil.example/'],
    ['ftp://a.example/'],
  ])('holds its answer %j to the same rules', async (answer) => {
    const sanitizer = sanitizerOf({ rewrite: (url) => (url.pathname === '/bad' ? answer : url.href) });
    expect(await hrefOf('https://a.example/bad', sanitizer)).toBe(undefined);
    expect(await hrefOf('https://a.example/good', sanitizer)).toBe('https://a.example/good');
  });

  it('can not break out of the attribute', async () => {
    const rewrite = (url: URL) =>
      url.hash === '' ? `https://a.example/"><script>x</script>?&quot;` : url.href;
    const sanitizer = sanitizerOf({ rewrite: (url) => (url.pathname === '/x' ? rewrite(url) : url.href) });
    expect(await hrefOf('https://a.example/x', sanitizer)).toBe(
      'https://a.example/%22%3E%3Cscript%3Ex%3C/script%3E?&amp;quot;',
    );
  });

  it('takes an address away whose answer would change again', async () => {
    const sanitizer = sanitizerOf({
      rewrite: (url) => (url.host === 'grow.example' ? `${url.href}x` : url.href),
    });
    expect(await hrefOf('https://grow.example/a', sanitizer)).toBe(undefined);
    expect(await hrefOf('https://a.example/b', sanitizer)).toBe('https://a.example/b');
  });

  it('is bounded as the text is, and lets others have their turn', async () => {
    const long = sanitizerOf({
      rewrite: (url) => (url.hash ? url.href : `${url.href}#${'x'.repeat(1_000)}`),
    });
    expect(await clean('<a href="https://a.example/">x</a>'.repeat(150), long)).toBe('HTML_TOO_LARGE');
    let turns = 0;
    const seen = new Set<number>();
    const counted = sanitizerOf({
      rewrite: (url) => {
        seen.add(turns);
        return url.href;
      },
    });
    const links = Array.from({ length: 300 }, (_, i) => `<a href="https://a.example/${i}">x</a>`).join('');
    const counting = setInterval(() => turns++, 0);
    expect(await clean(links, counted)).not.toContain('HTML_');
    clearInterval(counting);
    expect(seen.size).toBeGreaterThan(2); // on construction, and in more turns than one
  });

  it('rejects with what it throws', async () => {
    const sanitizer = sanitizerOf({
      rewrite: (url) => {
        if (url.pathname === '/throw') throw new RangeError('mine');
        return url.href;
      },
    });
    await expect(sanitizer.sanitize('<a href="https://a.example/throw">x')).rejects.toThrow('mine');
  });
});

describe('the options of links', () => {
  it.each<[LinkOptions, RegExp]>([
    [{ relative: 'drop' as 'keep' }, /links\.relative is not a policy/],
    [{ relative: { base: '/x' } }, /links\.relative\.base is not an address/],
    [{ relative: { base: 'data:x' } }, /links\.relative\.base is not an address of the web/],
    [{ rel: ['opener'] }, /links\.rel\[0\]/],
    [{ rel: ['ugc', 'ugc'] }, /links\.rel\[1\]/],
    [{ rel: 'ugc' as unknown as string[] }, /links\.rel is not a list/],
    [{ target: '_top' as '_blank' }, /links\.target/],
    [{ target: '_blank', rel: ['ugc'] }, /links\.rel lets a new tab steer/],
    [{ rewrite: 'x' as unknown as () => string }, /links\.rewrite is not a function/],
    [{ rewrite: (url) => `https://out.example/?to=${url.href}` }, /links\.rewrite changes its own answer/],
    [{ rewrite: () => 'javascript:x' }, /links\.rewrite changes its own answer again, or/],
    [{ rewrite: (() => 5) as unknown as () => string }, /links\.rewrite gives something else/],
    [{ schemes: [] } as LinkOptions, /links\.schemes is not an option/],
  ])('refuse %j', (links, message) => {
    expect(() => sanitizerOf(links)).toThrow(message);
  });
});
