import type { Api } from './api.js';
import type { Received, Sent } from './client.js';
import { type Person, refresh } from './journey.js';

/** An answer without what differs from one run to the next. */
export interface Entry {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a journey has found out so far. */
interface State {
  readonly api: Api;
  readonly administrator: Person;
  adminToken: string;
  userToken: string;
  refreshToken: string;
  postId: string;
  userId: string;
}

/** One request of the journey, by name. */
export interface Step {
  readonly name: string;
  readonly send: (state: State) => Promise<Received>;
}

const somebody = {
  email: 'somebody@example.org',
  password: 'walnut drizzle harbour lantern',
  name: 'Somebody',
};

function step(name: string, send: Step['send']): Step {
  return { name, send };
}

function plain(method: string, path: string, sent: Sent = {}): Step {
  return step(`${method} ${path}`, ({ api }) => api.send(method, path, sent));
}

function signedIn(method: string, path: string, sent: Sent = {}, note = ''): Step {
  const name = `${method} ${path} signed in${note}`;
  return step(name, ({ api, userToken: token }) => api.send(method, path, { token, ...sent }));
}

async function verify({ api }: State): Promise<Received> {
  const { token } = await api.mail(somebody.email);
  return api.send('POST', '/api/auth/verify-email', { json: { token } });
}

async function login(state: State): Promise<Received> {
  const { email, password } = somebody;
  const answer = await state.api.send('POST', '/api/auth/login', { json: { email, password } });
  state.userToken = answer.json<{ accessToken: string }>().accessToken;
  state.refreshToken = answer.cookie('__Host-refresh') ?? '';
  return answer;
}

async function loginAdmin(state: State): Promise<Received> {
  const { email, password } = state.administrator;
  const answer = await state.api.send('POST', '/api/auth/login', { json: { email, password } });
  state.adminToken = answer.json<{ accessToken: string }>().accessToken;
  return answer;
}

async function addPost(state: State): Promise<Received> {
  const json = { title: 'Ünïcode 🌍', html: '<p onclick="x()">a <b>b</b></p><script>x()</script>' };
  const answer = await state.api.send('POST', '/api/posts', { json, token: state.userToken });
  state.postId = answer.json<{ id: string }>().id;
  return answer;
}

async function me(state: State): Promise<Received> {
  const answer = await state.api.send('GET', '/api/me', { token: state.userToken });
  state.userId = answer.json<{ id: string }>().id;
  return answer;
}

function onPost(method: string, sent: Sent = {}, as: 'user' | 'admin' = 'user'): Step {
  return step(`${method} of the post as ${as}`, (state) =>
    state.api.send(method, `/api/posts/${state.postId}`, { token: state[`${as}Token`], ...sent }),
  );
}

function asAdmin(method: string, path: string, sent: Sent = {}): Step {
  return step(`${method} ${path} as administrator`, ({ api, adminToken: token, userId }) =>
    api.send(method, path.replace(':user', userId), { token, ...sent }),
  );
}

const text = { raw: 'text', type: 'text/plain' };
const json = (raw: string | Uint8Array): Sent => ({ raw, type: 'application/json' });
const origin = 'http://localhost:5173';
const preflight = (from: string): Sent => ({
  headers: {
    origin: from,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type',
  },
});

const spellings = [
  '/api/me/',
  '/API/ME',
  '/api/Me',
  '//api/me',
  '/api//me',
  '/api/./me',
  '/api/x/../me',
  '/api/%6de',
  '/api%2Fme',
  '/api/me;x=1',
  '/api/me?',
  '/api/me?x=1',
  '/api/me#x',
  '/api/me%20',
  '/api/me%00',
  '/api/%zz',
  '/api/me/.',
  '/api/undeclared/',
  '/API/undeclared',
  '/api/un%64eclared',
  '/api/debug/fail/',
  '/healthz/',
  '/HEALTHZ',
  '/api/posts/%2e%2e/me',
  '/api/search/?q=zebra',
  'http://127.0.0.1/api/me',
  '/api/posts/a%2Fb',
  '/api/posts/a/b',
  '/api/posts/',
  '/api/posts/%F0%9F%8C%8D',
  '*',
]; // prettier-ignore

/** The journey: every route, honest and not, and every spelling of a path that routers differ about. */
export const requests: readonly Step[] = [
  plain('GET', '/healthz'),
  plain('POST', '/reports', { raw: '[]', type: 'application/reports+json' }),
  plain('POST', '/reports', { raw: '[{', type: 'application/reports+json' }),
  plain('POST', '/docs'),
  plain('HEAD', '/healthz'),
  plain('GET', '/.well-known/jwks.json'),
  plain('GET', '/.well-known/security.txt'),
  plain('POST', '/api/auth/register', { json: { ...somebody, password: 'short' } }),
  plain('POST', '/api/auth/register', { json: somebody }),
  step('verification', verify),
  step('login', login),
  step('login of the administrator', loginAdmin),
  step('GET /api/me', me),
  step('refresh', ({ api, refreshToken }) => refresh(api, refreshToken)),
  plain('POST', '/api/auth/refresh'),
  signedIn('GET', '/api/auth/sessions'),
  signedIn('DELETE', '/api/auth/sessions/none'),
  signedIn('POST', '/api/auth/change-password', { json: { current: 'x', password: somebody.password } }),
  plain('POST', '/api/auth/password-reset', { json: { email: somebody.email } }),
  plain('POST', '/api/auth/password-reset/confirm', { json: { token: 'x', password: somebody.password } }),
  plain('POST', '/api/auth/login', { json: { email: somebody.email, password: 'x' } }),
  step('a new post', addPost),
  onPost('GET'),
  onPost('HEAD'),
  onPost('OPTIONS'),
  onPost('PATCH', { json: { title: 'Changed' } }),
  onPost('PATCH', { json: {} }),
  onPost('PATCH', text),
  onPost('PUT'),
  onPost('POST', { json: {} }),
  signedIn('GET', '/api/posts'),
  signedIn('GET', '/api/posts?limit=1'),
  signedIn('GET', '/api/posts?limit=101'),
  signedIn('GET', '/api/posts?limit=1&limit=2'),
  signedIn('GET', '/api/posts?limit[]=1'),
  signedIn('GET', '/api/posts?__proto__=1'),
  signedIn('GET', '/api/posts?limit=%zz'),
  signedIn('GET', '/api/search?q=%C3%9Cn'),
  signedIn('GET', '/api/search?q=+a+b'),
  signedIn('GET', '/api/search'),
  signedIn('GET', '/api/users'),
  asAdmin('GET', '/api/users'),
  asAdmin('PATCH', '/api/users/:user/role', { json: { role: 'admin' } }),
  asAdmin('PATCH', '/api/users/:user/role', { json: { role: 'user' } }),
  asAdmin('PATCH', '/api/users/:user/role', { json: { role: 'root' } }),
  asAdmin('PATCH', '/api/users/none/role', { json: { role: 'user' } }),
  asAdmin('GET', '/api/audit?limit=5'),
  signedIn('GET', '/api/audit'),
  onPost('DELETE', {}, 'admin'),
  onPost('DELETE'),
  plain('GET', '/api/undeclared'),
  signedIn('GET', '/api/undeclared'),
  plain('HEAD', '/api/undeclared'),
  plain('OPTIONS', '/api/undeclared'),
  plain('POST', '/api/undeclared', { json: {} }),
  plain('GET', '/api/debug/fail'),
  plain('GET', '/'),
  plain('GET', '/favicon.ico'),
  plain('GET', '/api/nothing'),
  plain('POST', '/api/nothing', { json: {} }),
  plain('POST', '/api/nothing', json('{')),
  ...['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'HEAD', 'QUERY'].map((method) =>
    plain(method, '/api/me'),
  ),
  plain('OPTIONS', '/api/posts', preflight(origin)),
  plain('OPTIONS', '/api/posts', preflight('https://evil.example')),
  plain('OPTIONS', '/api/nothing', preflight(origin)),
  plain('OPTIONS', '/api/nothing'),
  signedIn('GET', '/api/me', { headers: { origin } }, ', from the allowed origin'),
  signedIn('GET', '/api/me', { headers: { origin: 'https://evil.example' } }, ', from another'),
  plain('POST', '/api/auth/login', {
    json: {},
    headers: { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
  }),
  signedIn('GET', '/api/me', { headers: { authorization: ['Bearer x', 'Bearer x'] } }, ' twice'),
  signedIn('GET', '/api/me', { headers: { authorization: 'Basic eDp5' } }, ' by Basic'),
  signedIn('GET', '/api/me', { headers: { host: 'evil.example:x@good' } }, ' at a bad host'),
  signedIn('GET', '/api/me', { raw: 'x', type: 'text/plain' }, ' with a body'),
  signedIn('DELETE', '/api/posts/none', { json: { a: 1 } }, ' with a body'),
  signedIn('POST', '/api/auth/logout', { raw: 'x', type: 'text/plain' }, ' with text'),
  ...[
    text,
    json('{'),
    json(''),
    json('[]'),
    json('null'),
    json('{"__proto__":{}}'),
    json('{"a":1,"a":2}'),
    json(`{"a":"${'x'.repeat(103_000)}"}`),
    json(Buffer.from([0x22, 0xff, 0x22])),
    { ...json(`{"a":"${'x'.repeat(103_000)}"}`), chunked: true },
    {},
    { ...json('{}'), headers: { 'content-encoding': 'gzip' } },
  ].map((sent, index) =>
    step(`body ${index} to a login`, ({ api }) => api.send('POST', '/api/auth/login', sent)),
  ), // prettier-ignore
  ...spellings.flatMap((path) => [
    plain('GET', path),
    signedIn('GET', path),
    plain('POST', path, { json: {} }),
  ]),
  signedIn('POST', '/api/auth/logout'),
  signedIn('GET', '/api/me', {}, ', after the logout'),
];

/** Sends the whole journey to an API and notes what comes back. */
export async function recordRequests(api: Api, administrator: Person): Promise<Entry[]> {
  const state = {
    api,
    administrator,
    adminToken: '',
    userToken: '',
    refreshToken: '',
    postId: '',
    userId: '',
  };
  const names = new Map<string, string>();
  const entries: Entry[] = [];
  for (const { send } of requests) entries.push(entryOf(await send(state), names));
  return entries;
}

const ignored = new Set(['date', 'content-length', 'connection', 'keep-alive', 'transfer-encoding']);
const varying =
  /[\w-]{20,}\.[\w-]{20,}\.[\w-]{20,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[\d:.]+Z|[0-9a-f]{64}|198\.1[89]\.\d+\.\d+|(?<==|")[\w~.-]{40,}/g;

/** The same value gets the same name in a whole journey, so that what refers to what is compared as well. */
function entryOf({ status, headers, text: body }: Received, names: Map<string, string>): Entry {
  function masked(value: string): string {
    return value.replace(varying, (found) => {
      const name = names.get(found) ?? `<${names.size}>`;
      names.set(found, name);
      return name;
    });
  }
  const kept = Object.entries(headers)
    .filter(([name]) => !ignored.has(name))
    .map(([name, value]) => [name, masked(String(value)).replace(/;t=\d+/g, ';t=…')] as const);
  return { status, body: masked(body), headers: Object.fromEntries(kept) };
}
