import { ConfigError } from '@secapi/kernel';
import { parseSetCookie } from 'cookie';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Cookie,
  type CookieAttributes,
  clearCookie,
  parseCookies,
  serializeCookie,
} from '../src/index.js';

describe('serializeCookie', () => {
  it('is strict where nothing is said', () => {
    expect(serializeCookie({ name: '__Host-refresh', value: 'abc_DEF-123' })).toBe(
      '__Host-refresh=abc_DEF-123; Path=/; HttpOnly; Secure; SameSite=Strict',
    );
  });

  it('says what it is told', () => {
    expect(
      serializeCookie({
        name: 'theme',
        value: 'dark',
        path: '/app',
        domain: 'example.com',
        maxAge: '14d',
        sameSite: 'None',
        httpOnly: false,
        partitioned: true,
      }),
    ).toBe('theme=dark; Max-Age=1209600; Domain=example.com; Path=/app; Secure; Partitioned; SameSite=None');
  });

  it('takes 4096 bytes of name and value, and not one more', () => {
    expect(serializeCookie({ name: 'n', value: 'v'.repeat(4_095) })).toContain('n=vvv');
    expect(() => serializeCookie({ name: 'n', value: 'v'.repeat(4_096) })).toThrow(/4096/);
  });

  it.each<[string, object, string]>([
    ['a name with a space', { name: 'a b' }, 'cookie.name'],
    ['a name with a separator', { name: 'a=b' }, 'cookie.name'],
    ['no name', { name: '' }, 'cookie.name'],
    ['a value with a semicolon', { value: 'a; Domain=evil.example' }, 'cookie.value'],
    ['a value with a line break', { value: 'a\r\nset-cookie: b=c' }, 'cookie.value'],
    ['a value with a space', { value: 'a b' }, 'cookie.value'],
    ['a value with a comma', { value: 'a,b' }, 'cookie.value'],
    ['a value with a quote', { value: '"a"' }, 'cookie.value'],
    ['a value with a backslash', { value: 'a\\b' }, 'cookie.value'],
    ['a value beyond ASCII', { value: 'ä' }, 'cookie.value'],
    ['a path with a semicolon', { path: '/; Secure' }, 'cookie.path'],
    ['a path with a line break', { path: '/\r\n' }, 'cookie.path'],
    ['a relative path', { path: 'app' }, 'cookie.path'],
    ['a domain with a separator', { domain: 'a.example; Path=/' }, 'cookie.domain'],
    ['a domain with a leading dot', { domain: '.example.com' }, 'cookie.domain'],
    ['a domain with a port', { domain: 'example.com:80' }, 'cookie.domain'],
    ['an empty domain', { domain: '' }, 'cookie.domain'],
    ['an unknown SameSite', { sameSite: 'strict' }, 'cookie.sameSite'],
    ['an inherited SameSite', { sameSite: 'toString' }, 'cookie.sameSite'],
    ['SameSite=None without Secure', { sameSite: 'None', secure: false }, 'cookie.secure'],
    ['Partitioned without Secure', { partitioned: true, secure: false }, 'cookie.secure'],
    ['a flag that is a text', { secure: 'false' }, 'cookie.secure'],
    ['a lifetime that is no number', { maxAge: Number.NaN }, 'cookie.maxAge'],
    ['a lifetime of 401 days', { maxAge: '401d' }, 'cookie.maxAge'],
    ['__Host- with a domain', { name: '__Host-a', domain: 'example.com' }, 'cookie.domain'],
    ['__Host- with a path', { name: '__Host-a', path: '/app' }, 'cookie.path'],
    ['__Host- without Secure', { name: '__Host-a', secure: false }, 'cookie.secure'],
    ['__Secure- without Secure', { name: '__Secure-a', secure: false }, 'cookie.secure'],
    ['__Http- for scripts', { name: '__Http-a', httpOnly: false }, 'cookie.httpOnly'],
    ['__Host-Http- for scripts', { name: '__Host-Http-a', httpOnly: false }, 'cookie.httpOnly'],
    ['__Host-Http- with a path', { name: '__Host-Http-a', path: '/a' }, 'cookie.path'],
    ['a prefix in another case', { name: '__host-a' }, 'cookie.name'],
    ['an unknown attribute', { priority: 'high' }, 'cookie.priority'],
  ])('refuses %s', (_, over, option) => {
    const error = thrown(() => serializeCookie({ name: 'a', value: 'CANARY', ...over } as Cookie));
    expect(error.option).toBe(option);
    expect(error.message).not.toContain('CANARY');
  });

  it('never prints a value that it refuses', () => {
    expect(thrown(() => serializeCookie({ name: 'a', value: 'CANARY;' })).message).not.toContain('CANARY');
  });

  it('writes one cookie whatever it is given, or refuses', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (name, value, path) => {
        let text: string;
        try {
          text = serializeCookie({ name, value, path });
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
          return;
        }
        expect(parseSetCookie(text, { decode: (raw) => raw })).toEqual({
          name,
          value,
          path,
          httpOnly: true,
          secure: true,
          sameSite: 'strict',
        });
      }),
      { numRuns: 500 },
    );
  });
});

describe('clearCookie', () => {
  it('ends the cookie at once, with the attributes that its prefix demands', () => {
    expect(clearCookie('__Host-refresh')).toBe(
      '__Host-refresh=; Max-Age=0; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Secure; SameSite=Strict',
    );
    expect(() => clearCookie('__Host-refresh', { path: '/api' })).toThrow(/cookie\.path/);
    expect(() => clearCookie('a', { maxAge: 3 } as CookieAttributes)).toThrow(/not an option/);
  });
});

describe('parseCookies', () => {
  const read = (header: string | undefined) => {
    const result = parseCookies(header);
    return result.ok ? Object.fromEntries(result.cookies) : result.reason;
  };

  it.each<[string | undefined, Record<string, string>]>([
    [undefined, {}],
    ['', {}],
    ['a=1', { a: '1' }],
    ['a=1; b=2', { a: '1', b: '2' }],
    ['a=1;b=2;', { a: '1', b: '2' }],
    ['a=b=c', { a: 'b=c' }],
    ['a=', { a: '' }],
    ['a="x y"; g_state={"i_l":0}', { a: '"x y"', g_state: '{"i_l":0}' }],
    ['a=%20', { a: '%20' }],
    ['__Host-refresh=abc', { '__Host-refresh': 'abc' }],
    ['a=1; A=2', { a: '1', A: '2' }],
  ])('reads %j', (header, cookies) => {
    expect(read(header)).toEqual(cookies);
  });

  it('believes no value of a name that stands twice, tells it, and still reads the others', () => {
    const result = parseCookies('theme=dark; __Host-refresh=abc; theme=evil; theme=dark; b=2');
    expect(result.ok && [Object.fromEntries(result.cookies), [...result.duplicates]]).toEqual([
      { '__Host-refresh': 'abc', b: '2' },
      ['theme'],
    ]);
    const honest = parseCookies('theme=dark; Theme=light');
    expect(honest.ok && [honest.cookies.size, honest.duplicates.size]).toEqual([2, 0]);
  });

  it('counts what stands twice, too', () => {
    expect(read(Array.from({ length: 181 }, () => 'a=1').join(';'))).toBe('COOKIE_TOO_LARGE');
    expect(read(Array.from({ length: 180 }, () => 'a=1').join(';'))).toEqual({});
  });

  it('takes names of an object for names', () => {
    const result = parseCookies('__proto__=1; constructor=2');
    expect(result.ok && [...result.cookies]).toEqual([
      ['__proto__', '1'],
      ['constructor', '2'],
    ]);
  });

  it.each<[string, string]>([
    ['__Secure-a=1; b=2; __Secure-a=1', 'COOKIE_DUPLICATE'],
    ['a=1; b=2; __Http-a=1; __Http-a=2; __Http-a=3', 'COOKIE_DUPLICATE'],
    ['__Host-refresh=good; __Host-refresh=evil', 'COOKIE_DUPLICATE'],
    ['a', 'COOKIE_SYNTAX'],
    ['=a', 'COOKIE_SYNTAX'],
    ['=__Host-refresh=evil', 'COOKIE_SYNTAX'],
    ['__HOST-refresh=evil', 'COOKIE_SYNTAX'],
    ['__secure-a=evil', 'COOKIE_SYNTAX'],
    ['\u00a0__Host-refresh=evil', 'COOKIE_SYNTAX'],
    ['\u2000__Host-refresh=evil', 'COOKIE_SYNTAX'],
    ['a b=1', 'COOKIE_SYNTAX'],
    ['a=\u0000', 'COOKIE_SYNTAX'],
    ['a=1\r\nb: 2', 'COOKIE_SYNTAX'],
    [`a=${'x'.repeat(16_384)}`, 'COOKIE_TOO_LARGE'],
    [Array.from({ length: 181 }, (_, i) => `c${i}=1`).join(';'), 'COOKIE_TOO_LARGE'],
  ])('refuses %j', (header, reason) => {
    expect(read(header)).toBe(reason);
  });

  it('reads back what serializeCookie writes', () => {
    const value = fc.stringMatching(/^[!#-+\--:<-[\]-~]{0,50}$/);
    fc.assert(
      fc.property(value, (text) => {
        const header = serializeCookie({ name: '__Host-a', value: text }).split('; ')[0];
        expect(read(header)).toEqual({ '__Host-a': text });
      }),
    );
  });
});

function thrown(run: () => unknown): ConfigError {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
