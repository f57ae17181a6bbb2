import { performance } from 'node:perf_hooks';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CorsOptions, createCors } from '../src/index.js';

const app = 'https://app.example';
const cors = createCors({
  origins: [app, 'http://localhost:5173'],
  credentials: true,
  exposedHeaders: ['location'],
});
const get = (list: readonly (readonly [string, string])[], name: string) =>
  list.find(([key]) => key === name)?.[1];

describe('an actual request', () => {
  it('from a listed origin may be read by it', () => {
    expect(cors.actual(app)).toEqual({
      allowed: true,
      headers: [
        ['access-control-allow-origin', app],
        ['access-control-allow-credentials', 'true'],
        ['access-control-expose-headers', 'location'],
        ['vary', 'Origin'],
      ],
    });
  });

  it.each([
    'https://evil.example',
    'null',
    '',
    '*',
    'https://app.example.evil.example',
    'https://app.example:8443',
    'https://app.example/',
    'https://APP.example',
    'http://app.example',
    'https://xapp.example',
    '__proto__',
  ])('from %j is refused and varies all the same', (origin) => {
    expect(cors.actual(origin)).toEqual({ allowed: false, headers: [['vary', 'Origin']] });
  });

  it('without origin is allowed and varies', () => {
    expect(cors.actual(undefined)).toEqual({ allowed: true, headers: [['vary', 'Origin']] });
  });

  it('from the own origin is allowed, and no other by it', () => {
    expect(cors.actual('https://api.example', 'https://api.example').allowed).toBe(true);
    expect(cors.actual('https://evil.example', 'https://api.example').allowed).toBe(false);
    expect(
      get(cors.actual('https://api.example', 'https://api.example').headers, 'access-control-allow-origin'),
    ).toBeUndefined();
  });

  it('never gets an origin that is not listed', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl()), (origin) => {
        const { headers } = cors.actual(origin);
        expect([undefined, app, 'http://localhost:5173']).toContain(
          get(headers, 'access-control-allow-origin'),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('gets the same frozen object each time, so that nothing is built per request', () => {
    expect(cors.actual(app)).toBe(cors.actual(app));
    expect(Object.isFrozen(cors.actual(app).headers)).toBe(true);
  });
});

describe('a preflight', () => {
  const asks = (over: object) => cors.preflight({ origin: app, method: 'PUT', headers: undefined, ...over });

  it('of a listed origin is granted what the policy lists', () => {
    const { allowed, headers } = asks({ headers: 'authorization,content-type' });
    expect(allowed).toBe(true);
    expect(headers).toEqual([
      ['access-control-allow-origin', app],
      ['access-control-allow-credentials', 'true'],
      ['access-control-allow-methods', 'GET, HEAD, POST, PUT, PATCH, DELETE'],
      ['access-control-allow-headers', 'authorization, content-type'],
      ['access-control-max-age', '600'],
      ['vary', 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers'],
    ]);
  });

  it.each([
    ['spaces and upper case', { headers: 'Authorization, Content-Type' }],
    ['no headers', { headers: undefined }],
    ['empty headers', { headers: '' }],
    ['one of them', { headers: 'content-type' }],
    ['both, the other way', { headers: 'content-type,authorization' }],
  ])('with %s is granted', (_, over) => {
    expect(asks(over).allowed).toBe(true);
  });

  it.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['the null origin', { origin: 'null' }],
    ['no origin', { origin: undefined }],
    ['no method', { method: undefined }],
    ['a method that is not listed', { method: 'PURGE' }],
    ['a method in lower case', { method: 'put' }],
    ['a header that is not listed', { headers: 'authorization,x-evil' }],
    ['headers without end', { headers: 'authorization,'.repeat(10_000) }],
  ])('with %s is refused without a grant', (_, over) => {
    expect(asks(over)).toEqual({
      allowed: false,
      headers: [['vary', 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers']],
    });
  });

  it('with 64 kB of white space takes no time', () => {
    const start = performance.now();
    expect(asks({ headers: ' '.repeat(65_536) }).allowed).toBe(false);
    expect(performance.now() - start).toBeLessThan(500);
  });
});

describe('the policy of the article', () => {
  it('is said as it is', () => {
    const article = createCors({
      origins: ['https://yourapp.com', 'https://www.yourapp.com'],
      methods: ['GET', 'POST', 'PUT', 'DELETE'],
      headers: ['Content-Type', 'Authorization'],
      credentials: true,
      maxAge: 86_400,
    });
    const { headers } = article.preflight({
      origin: 'https://yourapp.com',
      method: 'DELETE',
      headers: 'authorization',
    });
    expect(get(headers, 'access-control-allow-methods')).toBe('GET, POST, PUT, DELETE');
    expect(get(headers, 'access-control-max-age')).toBe('86400');
  });
});

describe('no origins and any origin', () => {
  it('no origin configured allows none', () => {
    const none = createCors({ origins: [] });
    expect(none.actual(app)).toEqual({ allowed: false, headers: [] });
    expect(none.preflight({ origin: app, method: 'GET', headers: undefined }).allowed).toBe(false);
  });

  it('any origin, when spelled as dangerous, gets a star that does not vary by origin', () => {
    const any = createCors({ origins: [], dangerouslyAllowAnyOrigin: true });
    expect(any.actual(app)).toEqual({ allowed: true, headers: [['access-control-allow-origin', '*']] });
    expect(any.actual(undefined)).toEqual(any.actual('null'));
  });
});

describe('a configuration that can not be meant', () => {
  it.each<[string, object, RegExp]>([
    ['a wildcard', { origins: ['*'] }, /dangerouslyAllowAnyOrigin/],
    ['a wildcard as text', { origins: '*' }, /dangerouslyAllowAnyOrigin/],
    ['a wildcard with credentials', { origins: ['*'], credentials: true }, /cors\.origins/],
    [
      'any origin with credentials',
      { origins: [], dangerouslyAllowAnyOrigin: true, credentials: true },
      /cors\.credentials/,
    ],
    ['any origin beside a list', { origins: [app], dangerouslyAllowAnyOrigin: true }, /keep one/],
    ['null', { origins: ['null'] }, /sandboxed/],
    ['a path', { origins: ['https://app.example/login'] }, /write 'https:\/\/app\.example'/],
    ['a slash at the end', { origins: ['https://app.example/'] }, /write 'https:\/\/app\.example'/],
    ['upper case', { origins: ['https://App.Example'] }, /write 'https:\/\/app\.example'/],
    ['a default port', { origins: ['https://app.example:443'] }, /write 'https:\/\/app\.example'/],
    ['a subdomain wildcard', { origins: ['https://*.example'] }, /list each one/],
    ['no scheme', { origins: ['app.example'] }, /scheme and host/],
    ['user information', { origins: ['https://u:p@app.example'] }, /origin/],
    ['a pattern', { origins: [/example/] }, /scheme and host/],
    ['no list', { origins: undefined }, /not a list/],
    ['a lower-case method', { origins: [], methods: ['patch'] }, /write 'PATCH'/],
    ['a forbidden method', { origins: [], methods: ['TRACE'] }, /leave it out/],
    ['any method', { origins: [], methods: ['*'] }, /name each/],
    ['any header', { origins: [], headers: ['*'] }, /name each/],
    ['a header with a line break', { origins: [], headers: ['a\r\nb'] }, /not a name/],
    ['a lifetime that is no number', { origins: [], maxAge: Number.NaN }, /duration/],
    ['a lifetime of a week', { origins: [], maxAge: '7d' }, /86400/],
    ['an unknown option', { origin: app }, /cors\.origin is not an option/],
  ])('%s is refused, and the message says what to write', (_, options, message) => {
    expect(() => createCors(options as CorsOptions)).toThrow(message);
  });

  it('an app scheme is an origin', () => {
    expect(createCors({ origins: ['capacitor://localhost'] }).actual('capacitor://localhost').allowed).toBe(
      true,
    );
  });
});
