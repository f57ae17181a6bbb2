import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHostCheck, type HostCheckOptions } from '../src/index.js';

const wellFormed = createHostCheck();

describe('the grammar', () => {
  it.each([
    'api.example',
    'API.example',
    'localhost',
    'localhost:3000',
    'my_service:80',
    'xn--bcher-kva.example',
    'api.example.',
    '127.0.0.1',
    '127.0.0.1:65535',
    '[::1]',
    '[2001:db8::1]:443',
    '1a.2b',
  ])('takes %s', (host) => {
    expect(wellFormed(host)).toEqual({ ok: true });
  });

  it.each([
    'evil.com:x@good',
    'user@good',
    'good:80@evil',
    'a b',
    'a,b',
    'a/b',
    'a\\b',
    'a?b',
    'a#b',
    'a%2fb',
    'a\tb',
    'a\r\nb',
    'a\0b',
    'bücher.example',
    '\u212aool.example',
    'a..b',
    '.a',
    '-a',
    'a-',
    'a:',
    'a:0',
    'a:080',
    'a:65536',
    'a:80:80',
    'a:-1',
    '::1',
    '[::1',
    '[::1]x',
    '[::1]:',
    '[127.0.0.1]',
    '[fe80::1%25eth0]',
    '[]',
    '127.1',
    '0x7f.1',
    '2130706433',
    '010.0.0.1',
    '256.1.1.1',
    'a.0x1',
    '*',
    'https://a',
    'a'.repeat(64),
    'a.'.repeat(200),
  ])('refuses %j', (host) => {
    expect(wellFormed(host)).toEqual({ ok: false, reason: 'HOST_SYNTAX' });
  });

  it.each([undefined, ''])('misses %j', (host) => {
    expect(wellFormed(host)).toEqual({ ok: false, reason: 'HOST_MISSING' });
  });

  it('lets nothing through that a URL would read as another host', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ maxLength: 40 }), fc.domain(), fc.ipV4(), fc.ipV4Extended()),
        (host) => {
          if (!wellFormed(host).ok) return;
          const read = new URL(`http://${host}/`);
          expect(read.hostname).toBe(host.toLowerCase().replace(/:\d+$/, ''));
          expect(read.username).toBe('');
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('a list', () => {
  const listed = createHostCheck({ hosts: ['api.example', 'localhost:3000', '[::1]'] });

  it.each([
    'api.example',
    'Api.Example',
    'api.example:443',
    'api.example:80',
    'localhost:3000',
    '[::1]',
    '[::1]:443',
  ])('takes %s', (host) => {
    expect(listed(host)).toEqual({ ok: true });
  });

  it.each([
    'evil.example',
    'api.example:1337',
    'api.example.',
    'localhost',
    'x.api.example',
    'api.example.evil',
    '__proto__',
  ])('does not know %s', (host) => {
    expect(listed(host)).toEqual({ ok: false, reason: 'HOST_UNKNOWN' });
  });

  it.each([
    [['*.example']],
    [['https://api.example']],
    [['API.example']],
    [['a:x']],
    [[]],
    ['api.example'],
    [[1]],
  ])('%j is refused', (hosts) => {
    expect(() => createHostCheck({ hosts } as HostCheckOptions)).toThrow(/hosts\.hosts/);
  });
});

describe('a pattern', () => {
  const listed = createHostCheck({ hosts: ['*.example.com', '*.tenants.example:8443', '*.localhost'] });

  it.each([
    'api.example.com',
    'a.b.c.example.com',
    'API.Example.com',
    'api.example.com:443',
    'x.tenants.example:8443',
    'a.localhost',
  ])('takes %s', (host) => {
    expect(listed(host)).toEqual({ ok: true });
  });

  it.each([
    'example.com',
    'evilexample.com',
    'api.example.com.evil',
    'api.example.com:8443',
    'api.example.com.',
    'x.tenants.example',
    'x.tenants.example:443',
    'localhost',
  ])('does not know %s', (host) => {
    expect(listed(host)).toEqual({ ok: false, reason: 'HOST_UNKNOWN' });
  });

  it.each([
    '*',
    '*.com',
    '*.co.uk',
    '*.github.io',
    '*.example.com.',
    '*.Example.com',
    '*.*.example.com',
    'a.*.example.com',
    'a*.example.com',
    '*.1.2.3.4',
    '*.[::1]',
    '*.',
  ])('%s is refused', (host) => {
    expect(() => createHostCheck({ hosts: [host] })).toThrow(/hosts\.hosts\[0\]/);
  });
});
