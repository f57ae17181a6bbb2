import { ConfigError } from '@secapi/kernel';
import { describe, expect, it } from 'vitest';
import { secapi } from '../src/fetch.js';
import {
  answer,
  type Exchange,
  type Guard,
  type HeadersOptions,
  headers,
  type RecommendedOptions,
  route,
} from '../src/index.js';
import { local, request, world } from './support.js';

const html = ['content-type', 'text/html; charset=utf-8'] as const;
const open = route({ access: 'public' });

async function served(
  options: Partial<RecommendedOptions>,
  handler: (context: { readonly exchange: Exchange }) => unknown,
) {
  const { shield } = await world(options);
  const { protect, notFound } = secapi(shield);
  const serve = protect(open, handler);
  return {
    ask: (init?: RequestInit) => serve(request('/page', init), local),
    miss: () => notFound(request('/none'), local),
  };
}

const policyOf = (response: Response): string => response.headers.get('content-security-policy') ?? '';

describe('pages', () => {
  it('have the policy of pages by their own type, in any spelling of it, and data and errors the API’s', async () => {
    for (const type of ['text/html', 'TEXT/HTML ; charset=utf-8', 'application/xhtml+xml']) {
      const { ask, miss } = await served({ headers: { pages: 'page' } }, ({ exchange }) =>
        answer(200, exchange.nonce(), [['content-type', type]]),
      );
      const page = await ask();
      expect(policyOf(page)).toContain(`script-src 'nonce-${await page.text()}';`);
      expect(policyOf(await miss())).toBe(
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      );
    }
    for (const type of ['text/html+x', 'text/htmlx', 'image/svg+xml', 'text/plain']) {
      const { ask } = await served({ headers: { pages: 'page' } }, () =>
        answer(200, '', [['content-type', type]]),
      );
      expect(policyOf(await ask())).toContain("default-src 'none'; base-uri 'none'; form-action 'none'");
    }
  });

  it('may be documentation, or of an own policy over the preset', async () => {
    const docs = await served({ headers: { pages: 'docs' } }, () => answer(200, '', [html]));
    expect(policyOf(await docs.ask())).toContain("style-src 'self' 'unsafe-inline'");
    const own = await served(
      { headers: { pages: { contentSecurityPolicy: { frameAncestors: ["'self'"] } } } },
      () => answer(200, '', [html]),
    );
    const page = await own.ask();
    expect([policyOf(page).includes("script-src 'nonce-"), page.headers.get('x-frame-options')]).toEqual([
      true,
      'SAMEORIGIN',
    ]);
  });

  it('send no header that only the API has', async () => {
    const { ask, miss } = await served(
      { headers: { pages: { dangerouslyOmit: ['x-frame-options', 'cross-origin-embedder-policy'] } } },
      () => answer(200, '', [html]),
    );
    const page = await ask();
    expect([page.headers.get('x-frame-options'), page.headers.get('cross-origin-embedder-policy')]).toEqual([
      null,
      null,
    ]);
    expect((await miss()).headers.get('x-frame-options')).toBe('DENY');
  });

  it('keep what another guard has set', async () => {
    const guard: Guard = {
      name: 'own',
      enter: (exchange) => void exchange.setHeader('content-security-policy', "default-src 'none'; sandbox"),
    };
    const { ask } = await served({ headers: { pages: 'page' }, guards: [{ guard, after: 'csrf' }] }, () =>
      answer(200, '', [html]),
    );
    const page = await ask();
    expect([policyOf(page), page.headers.get('referrer-policy')]).toEqual([
      "default-src 'none'; sandbox",
      'same-origin',
    ]);
  });
});

describe('a nonce', () => {
  it('is one through a whole response, and another in the next', async () => {
    const seen: string[] = [];
    const { ask } = await served({ headers: { preset: 'page' } }, ({ exchange }) => {
      seen.push(exchange.nonce(), exchange.nonce());
      return answer(200, '', [html]);
    });
    const policies = [policyOf(await ask()), policyOf(await ask())];
    expect([seen[0] === seen[1], seen[2] === seen[3], seen[0] === seen[2]]).toEqual([true, true, false]);
    expect(policies.map((policy) => /'nonce-([^']+)'/.exec(policy)?.[1])).toEqual([seen[0], seen[2]]);
  });

  it('is not made where no policy asks for one', async () => {
    let seen: Exchange | undefined;
    const { ask } = await served({}, ({ exchange }) => {
      seen = exchange;
      return answer(200, '', [html]);
    });
    expect([policyOf(await ask()).includes('nonce'), seen?.nonceUsed]).toEqual([false, false]);
  });

  it('keeps an answer out of every cache once it was asked for, whatever the handler says', async () => {
    const stored = [
      ['cache-control', 'public, max-age=60'],
      ['surrogate-control', 'max-age=60'],
    ] as const;
    const { ask } = await served({ headers: { pages: 'page' } }, ({ exchange }) =>
      answer(200, exchange.nonce(), [html, ...stored]),
    );
    const page = await ask();
    expect([page.headers.get('cache-control'), page.headers.get('surrogate-control')]).toEqual([
      'no-store',
      'no-store',
    ]);
    expect(policyOf(page)).toContain(await page.text());
  });

  it('is in no policy of a page that may be stored', async () => {
    for (const name of ['cache-control', 'cdn-cache-control']) {
      const { ask } = await served({ headers: { pages: 'page' } }, () =>
        answer(200, '', [html, [name, 'max-age=60']]),
      );
      const page = await ask();
      expect([page.headers.get(name), policyOf(page).includes('nonce')]).toEqual(['max-age=60', false]);
    }
  });
});

it('takes away Server and X-Powered-By of a handler’s own answer', async () => {
  const { ask } = await served({}, () =>
    answer(200, {}, [
      ['server', 'x'],
      ['x-powered-by', 'y'],
      ['x-kept', 'z'],
    ]),
  );
  const { headers: sent } = await ask();
  expect([sent.get('server'), sent.get('x-powered-by'), sent.get('x-kept')]).toEqual([null, null, 'z']);
});

describe('options that can not be meant', () => {
  it.each<[string, object, RegExp]>([
    ['an unknown preset of pages', { pages: 'pages' }, /headers\.pages\.preset/],
    ['HSTS of pages alone', { pages: { hsts: {} } }, /headers\.pages\.hsts holds for a whole host/],
    [
      'inline scripts on pages',
      { pages: { contentSecurityPolicy: { scriptSrc: ["'unsafe-inline'"] } } },
      /headers\.pages\.contentSecurityPolicy\.scriptSrc\[0\]/,
    ],
    ['an unknown option', { page: 'page' }, /headers\.page is not an option/],
  ])('%s are refused', (_, options, message) => {
    const make = (): unknown => headers(options as HeadersOptions);
    expect(make).toThrow(ConfigError);
    expect(make).toThrow(message);
  });
});
