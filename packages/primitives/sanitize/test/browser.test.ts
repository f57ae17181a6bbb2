import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../../../../scripts/chromium.mjs';
import { createSanitizer } from '../src/index.js';
import { presetOf } from '../src/presets.js';
import { vectors } from './vectors.js';

/*
 * What only a browser can tell: its parser is not the one that the sanitizer uses, and it has every event handler and every way to load
 * something that there is.
 */

const found = findChromium();

/** Runs in the page: puts each text in by every way that pages have, touches all of it, and tells what ran and what is there. */
async function tryAll(texts: readonly string[]): Promise<{ ran: string[]; names: string[] }> {
  const ran: string[] = [];
  const names = new Set<string>();
  const scope = window as unknown as { ran: number | undefined; alert: () => void };
  scope.alert = () => {
    scope.ran = 1;
  };
  const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const note = (text: string) => {
    if (scope.ran !== undefined && ran.at(-1) !== text) ran.push(text);
    scope.ran = undefined;
  };
  const touch = (root: ParentNode) => {
    for (const element of root.querySelectorAll('*')) {
      names.add(element.namespaceURI?.endsWith('xhtml') ? element.localName : `foreign ${element.localName}`);
      for (const { name } of element.attributes) names.add(`@${name}`);
      for (const type of [
        'click',
        'focus',
        'mouseover',
        'pointerenter',
        'error',
        'load',
        'animationstart',
        'toggle',
      ]) {
        element.dispatchEvent(new Event(type, { bubbles: true, cancelable: true }));
      }
      if (element instanceof HTMLElement && !element.closest('a')) element.click();
    }
  };
  document.addEventListener('click', (event) => event.preventDefault(), true);
  for (const text of texts) {
    const box = document.createElement('div');
    document.body.append(box);
    box.innerHTML = text;
    const frame = document.createElement('iframe');
    frame.srcdoc = `<!doctype html><body>${text}`;
    const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
    document.body.append(frame);
    const template = document.createElement('template');
    template.innerHTML = text;
    document.body.append(template.content.cloneNode(true));
    await Promise.race([loaded, wait(1_000)]);
    const inner = frame.contentWindow as unknown as { ran?: number } | null;
    if (inner?.ran !== undefined) scope.ran = 1;
    touch(box);
    if (frame.contentDocument?.body) touch(frame.contentDocument.body);
    if (inner?.ran !== undefined) scope.ran = 1;
    await wait(0);
    note(text);
    document.body.replaceChildren();
  }
  await wait(50);
  note('a late one');
  return { ran, names: [...names] };
}

describe.skipIf(found.skipped !== undefined)('in a browser', () => {
  let browser: Browser;
  let page: Page;
  const requested: string[] = [];

  beforeAll(async () => {
    if (found.skipped !== undefined) return;
    browser = await chromium.launch({ executablePath: found.executablePath, args: found.args });
    page = await browser.newPage();
    // nothing leaves this machine, and what would is written down
    await page.route('**', async (route) => {
      if (route.request().url() === 'https://page.test/') {
        await route.fulfill({
          contentType: 'text/html',
          body: '<!doctype html><title>x</title><body></body>',
        });
      } else {
        requested.push(route.request().url());
        await route.abort();
      }
    });
  });
  afterAll(() => browser?.close());

  it('nothing of the corpus runs, loads or is there that is not allowed, which of itself does', async () => {
    const { sanitize } = createSanitizer({ preset: 'article', pool: 'none' });
    const safe: string[] = [];
    for (const html of vectors) {
      const result = await sanitize(html);
      if (result.ok) safe.push(result.html);
    }
    expect(safe.length).toBeGreaterThan(300);
    await page.goto('https://page.test/');
    const { ran, names } = await page.evaluate(tryAll, safe);
    expect(ran).toEqual([]);
    expect(requested).toEqual([]);
    const { tags, attributes } = presetOf('article');
    const allowed = [...tags, ...[...attributes, 'rel'].map((name) => `@${name}`)];
    expect(names.filter((name) => !allowed.includes(name))).toEqual([]);

    // the attack itself, so that this test can tell
    const raw = vectors.filter((html) => /^<(?:img|svg|math|noembed|xmp|title|p|b) /.test(html)).slice(0, 40);
    await page.goto('https://page.test/');
    expect((await page.evaluate(tryAll, raw)).ran.length).toBeGreaterThan(10);
    expect(requested.length).toBeGreaterThan(0);
  });
});
