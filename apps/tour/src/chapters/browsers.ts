import type { Guide } from '../guide.js';
import type { People } from '../people.js';

/** What a page of another site can make a browser send. */
export async function browsers(guide: Guide, { ann }: People): Promise<void> {
  guide.chapter("In somebody's browser");
  await guide.attack(
    "another site uses Ann's cookie",
    {
      method: 'POST',
      path: '/api/auth/refresh',
      headers: {
        cookie: `__Host-refresh=${ann.refreshToken}`,
        origin: 'https://evil.example',
        'sec-fetch-site': 'cross-site',
      },
    },
    { status: 403, code: 'CSRF_REFUSED', guard: 'csrf: Sec-Fetch-Site' },
  );
  await guide.attack(
    "another site's page wants to read answers",
    {
      method: 'OPTIONS',
      path: '/api/posts',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'GET' },
    },
    {
      status: 403,
      code: 'ORIGIN_REFUSED',
      also: ({ headers }) =>
        headers.has('access-control-allow-origin') ? 'it allows an origin all the same' : undefined,
      guard: 'cors: unknown origin',
    },
  );
}
