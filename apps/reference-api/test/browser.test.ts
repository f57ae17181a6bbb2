import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificates } from '../../../scripts/certificates.mjs';
import { findChromium } from '../../../scripts/chromium.mjs';
import { type Framework, frameworks } from '../src/config.js';
import { emptySite, proxyTo, type Site } from './browser/sites.js';
import { type Api, startApi } from './support/api.js';
import { newUser, type User } from './support/journey.js';
import { until } from './support/wait.js';

/*
 * What only a browser enforces: a real Chromium against the running API, over HTTPS, from a page that may call it and from one that may not.
 */

const found = findChromium();
const certificates = makeCertificates();

/** An API behind a proxy that ends its TLS, and somebody who has an account there. */
interface Behind {
  readonly api: Api;
  readonly door: Site;
  readonly user: User;
}

describe.skipIf(found.skipped !== undefined)('a browser', () => {
  let browser: Browser;
  let app: Site;
  let evil: Site;
  const all = new Map<Framework, Behind>();
  const contexts: BrowserContext[] = [];

  async function start(framework: Framework): Promise<void> {
    const api = await startApi({
      FRAMEWORK: framework,
      ALLOWED_ORIGINS: app.origin,
      TRUST_PROXY: '127.0.0.1/32',
      API_LIMIT: '10000',
      LOGIN_LIMIT: '1000',
    });
    const door = await proxyTo(api.port, 'api.app.test', certificates);
    all.set(framework, { api, door, user: await newUser(api) });
  }

  beforeAll(async () => {
    if (found.skipped !== undefined) return;
    const { executablePath, args } = found;
    const own = ['--host-resolver-rules=MAP *.test 127.0.0.1', '--short-reporting-delay'];
    browser = await chromium.launch({ executablePath, args: [...args, ...own] });
    app = await emptySite('app.test', certificates);
    evil = await emptySite('evil.test', certificates);
    await Promise.all(frameworks.map(start));
  });

  afterAll(async () => {
    for (const context of contexts) await context.close();
    await browser?.close();
    for (const site of [app, evil]) await site?.stop();
    for (const { api, door } of all.values()) {
      await door.stop();
      await api.remove();
    }
  });

  describe.each(frameworks)('before the API on %s', (framework) => {
    let door: Site;
    let user: User;

    beforeAll(() => {
      const behind = all.get(framework);
      if (!behind) throw new Error('the API was not started');
      ({ door, user } = behind);
    });

    /** A page of a site, in a profile that nobody has used. */
    async function open(url: string): Promise<Page> {
      const context = await browser.newContext({ ignoreHTTPSErrors: true });
      contexts.push(context);
      const page = await context.newPage();
      await page.goto(url);
      return page;
    }

    /** What a script of a page gets from the API: a status and a body, or that the browser kept it. */
    function fetchFrom(page: Page, path: string, init: RequestInit = {}) {
      return page.evaluate(
        async ([url, options]) => {
          try {
            const response = await fetch(url, options);
            return { status: response.status, type: response.type, body: await response.text() };
          } catch (error) {
            return { error: (error as Error).name };
          }
        },
        [`${door.origin}${path}`, init] as const,
      );
    }

    /** The value of the refresh cookie that a page's profile keeps for the API. */
    async function refreshCookie(page: Page): Promise<string | undefined> {
      const cookies = await page.context().cookies(door.origin);
      return cookies.find(({ name }) => name === '__Host-refresh')?.value;
    }

    const json = (body: unknown): RequestInit => ({
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      credentials: 'include',
    });
    const login = () => json({ email: user.email, password: user.password });

    it('gives answers to the page of a listed origin, and to no other', async () => {
      const own = await open(app.origin);
      expect(await fetchFrom(own, '/healthz')).toMatchObject({ status: 200 });
      const signedIn = await fetchFrom(own, '/api/auth/login', login());
      expect(signedIn).toMatchObject({ status: 200, type: 'cors' });
      const token = (JSON.parse(signedIn.body ?? '{}') as { accessToken: string }).accessToken;
      const me = await fetchFrom(own, '/api/me', { headers: { authorization: `Bearer ${token}` } });
      expect(me).toMatchObject({ status: 200 });
      expect(await fetchFrom(own, '/api/me', { headers: { 'x-other': '1' } })).toEqual({
        error: 'TypeError',
      });

      const foreign = await open(evil.origin);
      expect(await fetchFrom(foreign, '/healthz')).toEqual({ error: 'TypeError' });
      expect(await fetchFrom(foreign, '/api/me', { headers: { authorization: `Bearer ${token}` } })).toEqual({
        error: 'TypeError',
      });
      expect(await fetchFrom(foreign, '/api/auth/login', login())).toEqual({ error: 'TypeError' });
    });

    it('keeps the refresh cookie from scripts, sends it from pages of the site, and from no other site', async () => {
      const own = await open(app.origin);
      await fetchFrom(own, '/api/auth/login', login());
      const cookies = await own.context().cookies(door.origin);
      expect(cookies.map(({ name }) => name).sort()).toEqual(['__Host-device', '__Host-refresh']);
      for (const cookie of cookies) {
        expect(cookie).toMatchObject({
          httpOnly: true,
          secure: true,
          sameSite: 'Strict',
          path: '/',
          domain: 'api.app.test',
        });
      }
      expect(await fetchFrom(own, '/api/auth/refresh', json({}))).toMatchObject({ status: 200 });

      const docs = await own.context().newPage();
      await docs.goto(`${door.origin}/docs`);
      expect(await docs.evaluate(() => document.cookie)).toBe('');
      await docs.evaluate(() => {
        // biome-ignore lint/suspicious/noDocumentCookie: what an injected script would do
        document.cookie = '__Host-refresh=forged; path=/; secure';
      });
      const kept = await refreshCookie(own);
      expect(kept).not.toBe('forged'); // a script can't write over a cookie that it can't see

      const foreign = await own.context().newPage();
      await foreign.goto(evil.origin);
      await fetchFrom(foreign, '/api/auth/refresh', { ...json({}), mode: 'no-cors', headers: {} });
      expect(await refreshCookie(own)).toBe(kept);
    });

    it('is refused what another site makes it send, whatever form it has', async () => {
      const own = await open(app.origin);
      await fetchFrom(own, '/api/auth/login', login());
      const foreign = await own.context().newPage();
      await foreign.goto(evil.origin);
      for (const [path, enctype] of [
        ['/api/auth/login', 'text/plain'],
        ['/api/auth/refresh', 'application/x-www-form-urlencoded'],
        ['/api/auth/logout', 'multipart/form-data'],
      ] as const) {
        const answered = foreign.waitForResponse(`${door.origin}${path}`);
        await foreign.evaluate(
          ([action, type]) => {
            const form = document.createElement('form');
            Object.assign(form, { method: 'post', action, enctype: type });
            document.body.append(form);
            form.submit();
          },
          [`${door.origin}${path}`, enctype] as const,
        );
        const response = await answered;
        expect([path, response.status()]).toEqual([path, 403]);
        await foreign.waitForURL(`${door.origin}${path}`);
        await foreign.goto(evil.origin);
      }
      expect(await fetchFrom(own, '/api/auth/refresh', json({}))).toMatchObject({ status: 200 });
    });

    it('runs the scripts of a page that carry its nonce, and no other; what it stopped is reported', async () => {
      const page = await open(`${door.origin}/docs`);
      await page.waitForFunction(() => document.querySelector('#health')?.textContent === 'ok');
      const nonces = new Set<string | undefined>();
      for (let i = 0; i < 3; i++) {
        const response = await page.reload();
        nonces.add(/'nonce-([^']+)'/.exec(response?.headers()['content-security-policy'] ?? '')?.[1]);
      }
      expect(nonces.size).toBe(3);
      expect(nonces.has(undefined)).toBe(false);
      const stopped = await page.evaluate(
        (old) =>
          new Promise<string[]>((resolve) => {
            const directives: string[] = [];
            document.addEventListener('securitypolicyviolation', (event) => {
              directives.push(event.effectiveDirective);
              if (directives.length === 4) resolve(directives.sort());
            });
            const code = 'document.title = "injected"';
            for (const nonce of ['', 'guessed', old]) {
              const script = document.createElement('script');
              script.nonce = nonce;
              script.textContent = code;
              document.body.append(script);
            }
            document.body.insertAdjacentHTML(
              'beforeend',
              `<img src="data:," onerror="${code.replaceAll('"', "'")}">`,
            );
            setTimeout(() => resolve([...directives, 'and no more']), 3_000);
          }),
        [...nonces][0] ?? '',
      );
      expect(stopped).toEqual(['script-src-attr', 'script-src-elem', 'script-src-elem', 'script-src-elem']);
      expect(await page.title()).not.toBe('injected');
      await until('a report of it', () => door.requests.includes('POST /reports'), 20_000);
    });

    it('shows no page of the API in a frame, and loads nothing of it as a part of another page', async () => {
      const foreign = await open(evil.origin);
      const loaded = await foreign.evaluate(
        (origin) =>
          Promise.all(
            ['img', 'script'].map(
              (tag) =>
                new Promise<string>((resolve) => {
                  const element = document.createElement(tag) as HTMLImageElement;
                  element.onload = () => resolve(`${tag} loaded`);
                  element.onerror = () => resolve(`${tag} kept`);
                  element.src = `${origin}/healthz`;
                  document.body.append(element);
                }),
            ),
          ),
        door.origin,
      );
      expect(loaded).toEqual(['img kept', 'script kept']);
      await foreign.evaluate((url) => {
        const frame = document.createElement('iframe');
        frame.src = url;
        document.body.append(frame);
      }, `${door.origin}/docs`);
      await foreign.waitForTimeout(500);
      const framed = foreign.frames().find((frame) => frame !== foreign.mainFrame());
      expect(await framed?.locator('#health').count()).toBe(0);
    });

    it('forgets cookies and storage at the command of a logout', async () => {
      const own = await open(app.origin);
      const signedIn = await fetchFrom(own, '/api/auth/login', login());
      const token = (JSON.parse(signedIn.body ?? '{}') as { accessToken: string }).accessToken;
      const docs = await own.context().newPage();
      await docs.goto(`${door.origin}/docs`);
      await docs.evaluate(() => localStorage.setItem('draft', 'secret'));
      const out = await docs.evaluate(
        async (bearer) =>
          (
            await fetch('/api/auth/logout', {
              method: 'POST',
              headers: { authorization: `Bearer ${bearer}` },
            })
          ).status,
        token,
      );
      expect(out).toBe(204);
      await until(
        'the storage to be empty',
        async () => (await docs.evaluate(() => localStorage.length)) === 0,
      );
      expect(await refreshCookie(own)).toBeUndefined();
    });
  });
});
