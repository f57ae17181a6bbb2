import { expect, it } from 'vitest';
import { createSanitizer } from '../src/index.js';

it("the README's example does what it says", async () => {
  const sanitizer = createSanitizer();
  const result = await sanitizer.sanitize('<p onclick="x()">Hi <b>you</b><script>x()</script></p>');
  expect(result).toEqual({ ok: true, html: '<p>Hi <b>you</b></p>' });

  const links = createSanitizer({ tags: ['p', 'a', 'ul', 'li'], attributes: ['href'] });
  expect(await links.sanitize('<ul><li><a href="https://example.com" target=x>a</a>')).toEqual({
    ok: true,
    html: '<ul><li><a href="https://example.com">a</a></li></ul>',
  });
});
