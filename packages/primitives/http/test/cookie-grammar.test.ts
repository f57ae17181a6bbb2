import { describe, expect, it } from 'vitest';
import { parseCookies, serializeCookie } from '../src/index.js';

const codes = Array.from({ length: 257 }, (_, code) => code);
const writes = (over: object): boolean => {
  try {
    serializeCookie({ name: 'a', value: 'b', ...over });
    return true;
  } catch {
    return false;
  }
};
const reads = (header: string): boolean => {
  const result = parseCookies(header);
  return result.ok && result.cookies.size > 0;
};

describe('every character, as RFC 6265bis and RFC 9110 have it', () => {
  it('in a name that is written: a token', () => {
    const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]$/;
    for (const code of codes) {
      const char = String.fromCharCode(code);
      expect([code, writes({ name: `n${char}n` })]).toEqual([code, token.test(char)]);
    }
  });

  it('in a value that is written: a cookie-octet, without quotes', () => {
    for (const code of codes) {
      const octet =
        code === 0x21 ||
        (code >= 0x23 && code <= 0x2b) ||
        (code >= 0x2d && code <= 0x3a) ||
        (code >= 0x3c && code <= 0x5b) ||
        (code >= 0x5d && code <= 0x7e);
      expect([code, writes({ value: `v${String.fromCharCode(code)}v` })]).toEqual([code, octet]);
    }
  });

  it('in a path that is written: printable ASCII but ; and <', () => {
    for (const code of codes) {
      const fits = code > 0x20 && code < 0x7f && code !== 0x3b && code !== 0x3c;
      expect([code, writes({ path: `/p${String.fromCharCode(code)}p` })]).toEqual([code, fits]);
    }
  });

  it('in a value that is read: anything but control characters', () => {
    for (const code of codes.filter((one) => one !== 0x3b)) {
      const control = (code < 0x20 && code !== 0x09) || code === 0x7f;
      expect([code, reads(`a=v${String.fromCharCode(code)}v`)]).toEqual([code, !control]);
    }
  });

  it('in a name that is read: printable ASCII', () => {
    for (const code of codes.filter((one) => one !== 0x3b && one !== 0x3d)) {
      expect([code, reads(`n${String.fromCharCode(code)}n=1`)]).toEqual([code, code > 0x20 && code < 0x7f]);
    }
  });
});

describe('lengths', () => {
  it('an attribute has 1024 characters at most', () => {
    expect(writes({ path: `/${'a'.repeat(1_023)}` })).toBe(true);
    expect(writes({ path: `/${'a'.repeat(1_024)}` })).toBe(false);
    expect(writes({ domain: `${'a.'.repeat(126)}a` })).toBe(true);
    expect(writes({ domain: `${'a.'.repeat(600)}a` })).toBe(false);
  });

  it('name and value have 4096 together, however they share them', () => {
    expect(writes({ name: 'n'.repeat(200), value: 'v'.repeat(3_896) })).toBe(true);
    expect(writes({ name: 'n'.repeat(200), value: 'v'.repeat(3_897) })).toBe(false);
  });

  it('a lifetime is a second to 400 days', () => {
    expect([1, '400d'].map((maxAge) => writes({ maxAge }))).toEqual([true, true]);
    expect([0, -1, '400.001d', Number.POSITIVE_INFINITY].map((maxAge) => writes({ maxAge }))).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});

describe('prefixes, written and read', () => {
  const fits: Record<string, object[]> = {
    '__Host-': [{}, { httpOnly: false }],
    '__Secure-': [{}, { domain: 'example.com', path: '/a' }, { httpOnly: false }],
    '__Http-': [{}, { domain: 'example.com', path: '/a' }],
    '__Host-Http-': [{}],
  };
  const breaks: Record<string, object[]> = {
    '__Host-': [{ secure: false }, { domain: 'example.com' }, { path: '/a' }],
    '__Secure-': [{ secure: false }],
    '__Http-': [{ secure: false }, { httpOnly: false }],
    '__Host-Http-': [{ secure: false }, { httpOnly: false }, { domain: 'example.com' }, { path: '/a' }],
  };

  it.each(Object.keys(fits))('%s is held to its rules, and no other spelling of it is taken', (prefix) => {
    const name = `${prefix}a`;
    for (const over of fits[prefix] ?? []) expect([over, writes({ name, ...over })]).toEqual([over, true]);
    for (const over of breaks[prefix] ?? []) expect([over, writes({ name, ...over })]).toEqual([over, false]);
    expect(reads(`${name}=1`)).toBe(true);
    for (const spelling of [
      name.toUpperCase(),
      name.toLowerCase(),
      `__h${name.slice(3)}`,
      `__s${name.slice(3)}`,
    ]) {
      if (spelling === name || !/^__(?:host-|secure-|http-)/i.test(spelling)) continue;
      expect([spelling, writes({ name: spelling }), reads(`${spelling}=1`)]).toEqual([
        spelling,
        false,
        false,
      ]);
    }
  });
});

describe('Partitioned', () => {
  it('goes with Secure, a prefix and each SameSite', () => {
    expect(serializeCookie({ name: '__Host-a', value: 'b', partitioned: true, sameSite: 'None' })).toBe(
      '__Host-a=b; Path=/; HttpOnly; Secure; Partitioned; SameSite=None',
    );
    expect(writes({ partitioned: true, sameSite: 'Strict' })).toBe(true);
    expect(writes({ partitioned: true, secure: false })).toBe(false);
  });
});
