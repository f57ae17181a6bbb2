import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressNetwork, canonicalAddress, createClientResolver } from '../src/index.js';

describe('canonicalAddress', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['0.0.0.0', '0.0.0.0'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['::FFFF:203.0.113.9', '203.0.113.9'],
    ['::ffff:cb00:7109', '203.0.113.9'],
    ['0:0:0:0:0:ffff:203.0.113.9', '203.0.113.9'],
    ['0000:0000:0000:0000:0000:ffff:cb00:7109', '203.0.113.9'],
    ['::ffff:203.0.113.9%eth0', '203.0.113.9'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['2001:0db8::0001', '2001:db8::1'],
    ['fe80::1%eth0.1', 'fe80::1'],
    ['64:ff9b::203.0.113.9', '64:ff9b::cb00:7109'],
    ['::203.0.113.9', '::cb00:7109'],
    ['::ffff:0:203.0.113.9', '::ffff:0:cb00:7109'],
    ['::1', '::1'],
    ['::', '::'],
  ])('reads %s as %s', (text, canonical) => {
    expect(canonicalAddress(text)).toBe(canonical);
  });

  it.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.4.',
    '256.1.1.1',
    '999.1.1.1',
    '010.0.0.1',
    '0x7f.0.0.1',
    '2130706433',
    '0177.1',
    ' 1.2.3.4',
    '1.2.3.4\n',
    '1.2.3.4:80',
    '1.2.3.4/8',
    '١.2.3.4',
    '::ffff:010.0.0.1',
    '::ffff:0x7f.0.0.1',
    '::ffff:256.0.0.1',
    '64:ff9b::1.2.3',
    '1::2::3',
    ':::',
    ':1',
    '1:',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8::',
    '12345::',
    'g::',
    '[::1]',
    '::1%',
    '::1%a b',
    '1.2.3.4%eth0',
    `::1%${'a'.repeat(100)}`,
    'localhost',
  ])('does not read %j', (text) => {
    expect(canonicalAddress(text)).toBeUndefined();
  });

  it('agrees with the runtime on what an IPv6 address is, and is stable', () => {
    const group = fc.stringMatching(/^[0-9a-fA-F]{0,5}$/);
    const text = fc.oneof(
      fc.ipV6(),
      fc.ipV4(),
      fc.array(group, { minLength: 1, maxLength: 9 }).map((groups) => groups.join(':')),
    );
    fc.assert(
      fc.property(text, (spelled) => {
        const canonical = canonicalAddress(spelled);
        expect(canonical !== undefined).toBe(isIP(spelled) !== 0);
        if (canonical !== undefined) expect(canonicalAddress(canonical)).toBe(canonical);
      }),
      { numRuns: 2_000 },
    );
  });

  it('never throws on anything', () => {
    fc.assert(fc.property(fc.string({ maxLength: 100 }), (text) => void canonicalAddress(text)));
  });
});

describe('the network of a client', () => {
  const network = (peer: string, ipv6Prefix = 64) => {
    const result = createClientResolver({ ipv6Prefix })({ peer, encrypted: true, host: undefined });
    return result.ok ? result.client.network : result.reason;
  };

  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
    ['2001:db8:0:0:1::', '2001:db8::/64'],
    ['0:0:0:1::1', '0:0:0:1::/64'],
    ['::1', '::/64'],
    ['64:ff9b::203.0.113.9', '64:ff9b::/64'],
  ])('of %s is %s', (peer, expected) => {
    expect(network(peer)).toBe(expected);
  });

  it('keeps two IPv4 clients apart and one IPv6 household together', () => {
    expect(network('::ffff:203.0.113.9')).not.toBe(network('::ffff:203.0.113.10'));
    expect(network('2001:db8:1:2::1')).toBe(network('2001:db8:1:2:9::1'));
  });

  it('follows a shorter prefix, never a longer one', () => {
    expect(network('2001:db8:1:2ff::1', 56)).toBe('2001:db8:1:200::/56');
    expect(network('2001:db8:1:2::1', 48)).toBe('2001:db8:1::/48');
    expect(() => network('::1', 128)).toThrow(/32 to 64/);
    expect(() => network('::1', Number.NaN)).toThrow(/32 to 64/);
  });

  it('of all IPv6 addresses is canonical', () => {
    fc.assert(
      fc.property(fc.ipV6(), (peer) => {
        const key = network(peer);
        if (key.endsWith('/64')) {
          const base = key.slice(0, -3);
          expect(isIP(base)).toBe(6);
          if (!base.startsWith('0:')) expect(canonicalAddress(base)).toBe(base);
        }
      }),
    );
  });
});

describe('the network of an address', () => {
  it.each([
    ['203.0.113.9', 24, '203.0.113.0/24'],
    ['::ffff:203.0.113.9', 24, '203.0.113.0/24'],
    ['203.0.113.9', 32, '203.0.113.9'],
    ['203.0.113.9', 1, '128.0.0.0/1'],
    ['203.0.113.9', 0, '0.0.0.0/0'],
    ['2001:db8:1:2::9', 24, '2001:db8:1::/48'],
    ['nonsense', 24, undefined],
  ])('%s by %i bits is %s', (text, ipv4, network) => {
    expect(addressNetwork(text, { ipv4, ipv6: 48 })).toBe(network);
  });
});
