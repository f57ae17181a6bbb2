/** Who may use a route, as far as a refusal tells. */
export type ClaimedAccess = 'public' | 'signed in' | 'administrators';

/** One route of the contract. */
export interface ClaimedRoute {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly access: ClaimedAccess;
  /** A body that its schema takes. */
  readonly body?: Readonly<Record<string, unknown>>;
}

const nobody = '019a0000-0000-7000-8000-000000000000';
const password = 'walnut drizzle harbour lantern';
const person = { email: 'somebody@example.org', password, name: 'Somebody' };

/** Every route of the contract but the two that always refuse or fail. */
export const routes: readonly ClaimedRoute[] = [
  { method: 'GET', path: '/healthz', access: 'public' },
  { method: 'GET', path: '/.well-known/jwks.json', access: 'public' },
  { method: 'GET', path: '/.well-known/security.txt', access: 'public' },
  { method: 'POST', path: '/api/auth/register', access: 'public', body: person },
  { method: 'POST', path: '/api/auth/verify-email', access: 'public', body: { token: 'unknown' } },
  { method: 'POST', path: '/api/auth/login', access: 'public', body: { email: person.email, password } },
  { method: 'POST', path: '/api/auth/refresh', access: 'public', body: {} },
  { method: 'POST', path: '/api/auth/logout', access: 'signed in', body: {} },
  { method: 'POST', path: '/api/auth/logout-all', access: 'signed in', body: {} },
  { method: 'GET', path: '/api/auth/sessions', access: 'signed in' },
  { method: 'DELETE', path: `/api/auth/sessions/${nobody}`, access: 'signed in' },
  { method: 'POST', path: '/api/auth/password-reset', access: 'public', body: { email: person.email } },
  {
    method: 'POST',
    path: '/api/auth/password-reset/confirm',
    access: 'public',
    body: { token: 'unknown', password },
  },
  {
    method: 'POST',
    path: '/api/auth/change-password',
    access: 'signed in',
    body: { current: password, password },
  },
  { method: 'GET', path: '/api/me', access: 'signed in' },
  { method: 'GET', path: '/api/posts', access: 'signed in' },
  {
    method: 'POST',
    path: '/api/posts',
    access: 'signed in',
    body: { title: 'A title', html: '<p>text</p>' },
  },
  { method: 'GET', path: `/api/posts/${nobody}`, access: 'signed in' },
  { method: 'PATCH', path: `/api/posts/${nobody}`, access: 'signed in', body: { title: 'Another title' } },
  { method: 'DELETE', path: `/api/posts/${nobody}`, access: 'signed in' },
  { method: 'GET', path: '/api/search?q=text', access: 'signed in' },
  { method: 'GET', path: '/api/users', access: 'administrators' },
  { method: 'PATCH', path: `/api/users/${nobody}/role`, access: 'administrators', body: { role: 'user' } },
  { method: 'GET', path: '/api/audit', access: 'administrators' },
];

/** The same, named for `it.each`. */
export function named(
  chosen: (route: ClaimedRoute) => boolean,
): readonly (readonly [name: string, route: ClaimedRoute])[] {
  return routes.filter(chosen).map((route) => [`${route.method} ${route.path}`, route] as const);
}
