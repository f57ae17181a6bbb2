import { describe, expect, it } from 'vitest';
import { type ClientResolverOptions, createClientResolver } from '../src/index.js';

const client = '203.0.113.9';

describe('trusted ranges', () => {
  const trusts = (range: string, peer: string) =>
    createClientResolver({ trustProxy: [range] })({
      peer,
      encrypted: true,
      host: undefined,
      xForwardedFor: client,
    });

  it.each<[string, string, boolean]>([
    ['10.0.0.1', '10.0.0.1', true],
    ['10.0.0.1', '10.0.0.2', false],
    ['10.0.0.0/8', '10.255.255.255', true],
    ['10.0.0.0/8', '11.0.0.0', false],
    ['172.16.0.0/12', '172.31.255.255', true],
    ['172.16.0.0/12', '172.32.0.0', false],
    ['200.0.0.0/9', '200.127.1.1', true],
    ['200.0.0.0/9', '200.128.1.1', false],
    ['10.0.0.4/30', '10.0.0.7', true],
    ['10.0.0.4/30', '10.0.0.8', false],
    ['::ffff:10.0.0.0/104', '10.1.2.3', true],
    ['::ffff:a00:0/104', '11.1.2.3', false],
    ['10.0.0.0/8', '::ffff:10.1.2.3', true],
    ['::1', '::1', true],
    ['::1', '::2', false],
    ['2001:db8::/33', '2001:db8:7fff::1', true],
    ['2001:db8::/33', '2001:db8:8000::1', false],
    ['fe80::/16', 'fe80::1%eth0', true],
    ['::1/128', '127.0.0.1', false],
  ])('%s with %s: %s', (range, peer, expected) => {
    expect(trusts(range, peer)).toMatchObject({ ok: true, client: { viaProxy: expected } });
  });

  it.each<[unknown, RegExp]>([
    [['0.0.0.0/0'], /anybody/],
    [['128.0.0.0/1'], /anybody/],
    [['10.0.0.0/7'], /\/8 or longer/],
    [['::/0'], /anybody/],
    [['2000::/3'], /\/16 or longer/],
    [['::ffff:0:0/96'], /anybody/],
    [['::ffff:10.0.0.0/8'], /IPv4 range itself/],
    [['::ffff:10.0.0.0/95'], /IPv4 range itself/],
    [['::ffff:10.0.0.0/103'], /IPv4 range itself/],
    [['10.0.0.0/33'], /up to 32/],
    [['::1/129'], /128/],
    [['10.0.0/8'], /CIDR/],
    [['010.0.0.0/8'], /CIDR/],
    [['10.0.0.0/255.0.0.0'], /CIDR/],
    [['10.0.0.0/-8'], /CIDR/],
    [['10.0.0.0/NaN'], /CIDR/],
    [['fe80::1%eth0'], /CIDR/],
    [['*'], /CIDR/],
    [[true], /CIDR/],
    [true, /list/],
    ['10.0.0.0/8', /list/],
  ])('%j is refused', (trustProxy, message) => {
    expect(() => createClientResolver({ trustProxy } as ClientResolverOptions)).toThrow(message);
  });

  it('unknown options and families are refused', () => {
    expect(() => createClientResolver({ trust: [] } as ClientResolverOptions)).toThrow(/not an option/);
    expect(() => createClientResolver({ proxyHeaders: 'all' } as unknown as ClientResolverOptions)).toThrow(
      /x-forwarded/,
    );
  });
});
