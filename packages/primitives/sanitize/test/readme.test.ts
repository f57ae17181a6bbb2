import { afterAll, expect, it } from 'vitest';
import { createSanitizer, createSanitizerPool } from '../src/index.js';

const pool = createSanitizerPool({ workers: 1 });
afterAll(() => pool.close());

it("the README's examples do what they say", async () => {
  const comments = createSanitizer({ preset: 'comment', pool });
  expect(
    await comments.sanitize('<p onclick="x()">Hi <a href="//a.example">you</a><script>x()</script></p>'),
  ).toEqual({
    ok: true,
    html: '<p>Hi <a href="https://a.example/" rel="noopener noreferrer nofollow ugc">you</a></p>',
  });

  const basic = createSanitizer({ pool });
  expect(await basic.sanitize('<h1>Hi</h1><p class="x">a <b>b</b></p>')).toEqual({
    ok: true,
    html: 'Hi<p>a <b>b</b></p>',
  });

  const out = createSanitizer({
    preset: 'article',
    links: {
      rewrite: (url) =>
        url.host === 'out.example' ? url.href : `https://out.example/?to=${encodeURIComponent(url.href)}`,
    },
    pool,
  });
  expect(await out.sanitize('<a href="https://a.example">a</a>')).toMatchObject({
    html: expect.stringContaining('<a href="https://out.example/?to=https%3A%2F%2Fa.example%2F" rel='),
  });
});
