import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { createSanitizer } from '../src/index.js';

const isLoaded = () =>
  Object.keys(createRequire(import.meta.url).cache).some((file) => file.includes('/jsdom/'));

it('loads jsdom for the first tag and not for text', async () => {
  const { sanitize } = createSanitizer({ pool: 'none' });
  expect(await sanitize('text & more > less')).toEqual({ ok: true, html: 'text & more > less' });
  expect(isLoaded()).toBe(false);
  expect(await sanitize('<b>bold')).toEqual({ ok: true, html: '<b>bold</b>' });
  expect(isLoaded()).toBe(true);
});

it('loads it when it is told to', async () => {
  const { load, sanitize } = createSanitizer({ pool: 'none' });
  await load();
  expect(await sanitize('<i>x')).toEqual({ ok: true, html: '<i>x</i>' });
});
