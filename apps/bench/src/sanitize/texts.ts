import createDOMPurify from 'dompurify';
import { JSDOM } from 'jsdom';

export const basicTags = ['b', 'i', 'em', 'strong', 'p'];
export const commentTags = 'a b blockquote br code del em i li ol p pre s strong u ul'.split(' ');

const paragraph =
  '<p class="x">A text of some <b>length</b>, with <i>words</i> in it &amp; one <span>tag</span> to take out.</p>\n';
const withLinks =
  '<p>See <a href="https://example.com/a?b=c&amp;d" onclick="x()">this</a>, or <a href="/here">that</a>:</p><ul><li>one</li><li><code>two</code></li></ul>\n';

/** About so many bytes of what people write. */
export function plainText(bytes: number): string {
  return paragraph.repeat(Math.round(bytes / paragraph.length));
}

export function linkedText(bytes: number): string {
  return withLinks.repeat(Math.round(bytes / withLinks.length));
}

/** A comment of a line or two. */
export const shortText = '<p>I <b>agree</b>, <script>x()</script>and <em>more</em> than that.</p>';

/** Texts of 100 KB that are made to be slow, each in another way. */
export const hostileTexts: Readonly<Record<string, string>> = {
  'siblings to take out': '<br>'.repeat(24_000),
  'attributes, each another': `<b ${Array.from({ length: 14_000 }, (_, i) => `a${i}`).join(' ')}>x`,
  'unclosed formatting': `${Array.from({ length: 60 }, (_, i) => `<font size=${i}>`).join('')}${'<p>'.repeat(20_000)}`,
  'elements moved out of tables': '<table>x</table>'.repeat(6_000),
  'custom elements': '<x-y></x-y>'.repeat(9_000),
  'frames and forms': '<iframe></iframe><form></form>'.repeat(3_300),
  deep: '<b><p></b>'.repeat(10_000),
};

/** DOMPurify in a window of jsdom, as its own manual has it. */
export function bareSanitizer(
  tags: readonly string[],
  attributes: readonly string[],
): (html: string) => string {
  const purifier = createDOMPurify(new JSDOM('').window);
  return (html) => purifier.sanitize(html, { ALLOWED_TAGS: [...tags], ALLOWED_ATTR: [...attributes] });
}

export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
