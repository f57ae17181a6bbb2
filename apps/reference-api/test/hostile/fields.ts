import { percentEncoded, type Shot } from './wire.js';

/** What the shots need of the API that they are sent to. */
export interface Ground {
  /** Access tokens that are good now. */
  readonly user: string;
  readonly admin: string;
  /** A post of the user. */
  readonly post: string;
}

/** One field of one route, and the request that is honest but for what stands in it. */
export interface Field {
  readonly name: string;
  /** Whether a text that is taken costs a password's hash. */
  readonly costly: boolean;
  shot(text: string, ground: Ground, nth: number): Shot;
}

type Who = 'user' | 'admin' | undefined;

/** A client's address that the trusted proxy tells, so that no limit is met. */
const from = (nth: number): string => `100.${64 + ((nth >> 16) & 63)}.${(nth >> 8) & 255}.${nth & 255}`;

function headersOf(who: Who, ground: Ground, nth: number, json: boolean): [string, string][] {
  const headers: [string, string][] = [['X-Forwarded-For', from(nth)]];
  if (who) headers.push(['Authorization', `Bearer ${ground[who]}`]);
  if (json) headers.push(['Content-Type', 'application/json']);
  return headers;
}

const password = 'walnut drizzle harbour lantern';

/** A member of a body, whose other members are honest; every third time it is not the text alone but an operator or a list of it. */
function inBody(
  method: string,
  path: string | ((ground: Ground) => string),
  honest: Readonly<Record<string, unknown>>,
  member: string,
  who?: Who,
  costly = false,
): Field {
  return {
    name: `${member} of ${method} ${typeof path === 'string' ? path : '/api/posts/:id'}`,
    costly,
    shot(text, ground, nth) {
      const value = nth % 12 === 0 ? { [text]: text } : nth % 12 === 1 ? [text] : text;
      return {
        method,
        target: typeof path === 'string' ? path : path(ground),
        headers: headersOf(who, ground, nth, true),
        // in parts, since a literal with `__proto__` as its key would have none
        body: `{${Object.entries({ ...honest, [member]: value })
          .map(([key, part]) => `${JSON.stringify(key)}:${JSON.stringify(part)}`)
          .join(',')}}`,
      };
    },
  };
}

function inQuery(path: string, name: string, who: Who, method = 'GET', rest = ''): Field {
  return {
    name: `${name} of ${method} ${path}`,
    costly: false,
    shot: (text, ground, nth) => ({
      method,
      target: `${path}?${rest}${name}=${written(text, nth)}`,
      headers: headersOf(who, ground, nth, false),
    }),
  };
}

function inPath(method: string, before: string, after: string, who: Who, body?: string): Field {
  return {
    name: `${method} ${before}…${after}`,
    costly: false,
    shot: (text, ground, nth) => ({
      method,
      target: `${before}${written(text, nth)}${after}`,
      headers: headersOf(who, ground, nth, body !== undefined),
      body,
    }),
  };
}

/** Percent-encoded; what a request line can hold is sometimes sent as it is. */
function written(text: string, nth: number): string {
  return nth % 3 === 0 && /^[!-~]+$/.test(text) ? text : percentEncoded(text);
}

function inHeader(name: string, before = ''): Field {
  return {
    name: `the header ${name} ${before}`,
    costly: false,
    shot(text, ground, nth) {
      const honest = headersOf('user', ground, nth, false).filter(([other]) => other !== name);
      return { method: 'GET', target: '/api/me', headers: [...honest, [name, before + text]] };
    },
  };
}

function inCookie(path: string, name: string, body?: string): Field {
  return {
    name: `the cookie ${name} of ${path}`,
    costly: body !== undefined,
    shot: (text, ground, nth) => ({
      method: 'POST',
      target: path,
      headers: [
        ...headersOf(undefined, ground, nth, body !== undefined),
        ['Cookie', `${name}=${nth % 2 ? percentEncoded(text) : text}`],
      ],
      body,
    }),
  };
}

/** What a part of a form says of itself, beside an honest file. */
function inForm(part: string): Field {
  return {
    name: `${part} of PUT /api/me/picture`,
    costly: false,
    shot(text, ground, nth) {
      const said = (of: string, honest: string): string => (of === part ? text : honest);
      return {
        method: 'PUT',
        target: '/api/me/picture',
        headers: [
          ...headersOf('user', ground, nth, false),
          ['Content-Type', 'multipart/form-data; boundary=b'],
        ],
        body:
          `--b\r\nContent-Disposition: form-data; name="${said('name', 'picture')}"; filename="${said('filename', 'a.webp')}"\r\n` +
          `Content-Type: ${said('Content-Type', 'image/webp')}\r\n\r\nRIFF\x1a\0\0\0WEBPVP8L\r\n--b--\r\n`,
      };
    },
  };
}

const person = { email: 'nobody@example.org', password: 'short', name: 'Somebody' };
const post = { title: 'A title', html: '<p>text</p>' };
const onePost = ({ post: id }: Ground): string => `/api/posts/${id}`;

/** Every field of every route, and what stands around them. */
export const fieldsOfRoutes: readonly Field[] = [
  inBody('POST', '/api/auth/register', person, 'email'),
  inBody('POST', '/api/auth/register', person, 'name'),
  inBody('POST', '/api/auth/register', { ...person, email: 'new@example.org' }, 'password', undefined, true),
  inBody('POST', '/api/auth/verify-email', {}, 'token'),
  inBody('POST', '/api/auth/login', { password }, 'email', undefined, true),
  inBody('POST', '/api/auth/login', person, 'password', undefined, true),
  inBody('POST', '/api/auth/password-reset', {}, 'email'),
  inBody('POST', '/api/auth/password-reset/confirm', { password }, 'token'),
  inBody('POST', '/api/auth/password-reset/confirm', { token: 'unknown' }, 'password', undefined, true),
  inBody('POST', '/api/auth/change-password', { password }, 'current', 'user', true),
  inBody('POST', '/api/auth/change-password', { current: password }, 'password', 'user', true),
  inBody('POST', '/api/auth/reauthenticate', {}, 'password', 'user', true),
  inBody('POST', '/api/posts', post, 'title', 'user'),
  inBody('POST', '/api/posts', post, 'html', 'user'),
  inBody('PATCH', onePost, {}, 'title', 'user'),
  inBody('PATCH', onePost, {}, 'html', 'user'),
  inBody('PATCH', '/api/users/019a0000-0000-7000-8000-000000000000/role', {}, 'role', 'admin'),
  {
    name: 'a key of POST /api/posts',
    costly: false,
    shot: (text, ground, nth) => ({
      method: 'POST',
      target: '/api/posts',
      headers: headersOf('user', ground, nth, true),
      body: `{"title":"A title","html":"x",${JSON.stringify(text)}:${JSON.stringify(text)}}`,
    }),
  },
  {
    name: 'the body of POST /api/posts',
    costly: false,
    shot: (text, ground, nth) => ({
      method: 'POST',
      target: '/api/posts',
      headers: headersOf('user', ground, nth, true),
      body: nth % 2 ? text : JSON.stringify(text),
    }),
  },
  {
    name: 'a report of POST /reports',
    costly: false,
    shot: (text, ground, nth) => ({
      method: 'POST',
      target: '/reports',
      headers: [...headersOf(undefined, ground, nth, false), ['Content-Type', 'application/reports+json']],
      body: JSON.stringify([
        {
          type: 'csp-violation',
          url: text,
          body: { effectiveDirective: text, blockedURL: text, sample: text },
        },
      ]),
    }),
  },
  inQuery('/api/posts', 'limit', 'user'),
  inQuery('/api/posts', 'cursor', 'user'),
  inQuery('/api/posts', 'sort', 'user'),
  inQuery('/api/search', 'q', 'user'),
  inQuery('/api/search', 'limit', 'user', 'GET', 'q=a&'),
  inQuery('/api/users', 'limit', 'admin'),
  inQuery('/api/users', 'cursor', 'admin'),
  inQuery('/api/audit', 'limit', 'admin'),
  inQuery('/api/audit', 'cursor', 'admin'),
  inQuery('/api/limits/api', 'of', 'admin'),
  inQuery('/api/limits/failures', 'of', 'admin', 'DELETE'),
  inQuery('/api/limits/current-password', 'of', 'admin'),
  inQuery('/healthz', 'x', undefined),
  {
    name: 'the whole query of GET /api/posts',
    costly: false,
    shot: (text, ground, nth) => ({
      method: 'GET',
      target: `/api/posts?${written(text, nth)}`,
      headers: headersOf('user', ground, nth, false),
    }),
  },
  inPath('GET', '/', '', undefined),
  inPath('GET', '/api/', '', 'user'),
  inPath('GET', '/api/posts/', '', 'user'),
  inPath('PATCH', '/api/posts/', '', 'user', '{"title":"A title"}'),
  inPath('DELETE', '/api/posts/', '', 'user'),
  inPath('DELETE', '/api/auth/sessions/', '', 'user'),
  inPath('PATCH', '/api/users/', '/role', 'admin', '{"role":"user"}'),
  inPath('GET', '/api/limits/', '?of=x', 'admin'),
  inPath('DELETE', '/api/limits/', '?of=x', 'admin'),
  inPath('DELETE', '/api/keys/', '', 'admin'),
  inHeader('Authorization'),
  inHeader('Authorization', 'Bearer '),
  ...['X-Forwarded-For', 'Forwarded', 'X-Request-Id', 'User-Agent', 'Origin', 'Accept', 'Content-Type'].map(
    (name) => inHeader(name),
  ),
  ...['Referer', 'Sec-Fetch-Site', 'Traceparent', 'If-None-Match', 'Range', 'X-Forwarded-Host', 'Cookie'].map(
    (name) => inHeader(name),
  ),
  {
    name: 'the content type of POST /api/posts',
    costly: false,
    shot: (text, ground, nth) => ({
      method: 'POST',
      target: '/api/posts',
      headers: [
        ...headersOf('user', ground, nth, false),
        ['Content-Type', nth % 2 ? text : `application/json${text}`],
      ],
      body: JSON.stringify(post),
    }),
  },
  ...['name', 'filename', 'Content-Type'].map(inForm),
  inCookie('/api/auth/refresh', '__Host-refresh'),
  inCookie('/api/auth/login', '__Host-device', JSON.stringify({ email: person.email, password })),
];
