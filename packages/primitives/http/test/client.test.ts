import { performance } from 'node:perf_hooks';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClientFacts, createClientResolver } from '../src/index.js';

const proxy = '10.0.0.1';
const client = '203.0.113.9';
const behind = createClientResolver({ trustProxy: ['10.0.0.0/8', '2001:db8:ffff::/48'] });
const facts = (over: Partial<ClientFacts> = {}): ClientFacts => ({
  peer: proxy,
  encrypted: false,
  host: 'internal.example',
  ...over,
});
const resolve = (over: Partial<ClientFacts>, resolver = behind) => {
  const result = resolver(facts(over));
  return result.ok ? result.client : result.reason;
};
const address = (over: Partial<ClientFacts>, resolver = behind) => {
  const result = resolver(facts(over));
  return result.ok ? result.client.address : result.reason;
};

describe('a peer that is not trusted', () => {
  const spoofed = {
    peer: client,
    forwarded: 'for=1.1.1.1;proto=https;host=evil.example',
    xForwardedFor: '1.1.1.1',
    xForwardedProto: 'https',
    xForwardedHost: 'evil.example',
  };
  const honest = {
    address: client,
    network: client,
    secure: false,
    host: 'internal.example',
    viaProxy: false,
  };

  it('says nothing by any of the four headers', () => {
    expect(resolve(spoofed)).toEqual(honest);
    expect(resolve(spoofed, createClientResolver())).toEqual(honest);
  });

  it('is not refused for headers that nobody reads', () => {
    expect(resolve({ ...spoofed, forwarded: '"', xForwardedFor: 'x'.repeat(9_000) })).toEqual(honest);
  });

  it('is folded when it is mapped, and has no zone', () => {
    expect(address({ peer: `::ffff:${client}` }, createClientResolver())).toBe(client);
    expect(address({ peer: 'fe80::1%eth0' }, createClientResolver())).toBe('fe80::1');
  });

  it.each([undefined, '', 'unix', '010.0.0.1'])('that has no address (%j) is refused', (peer) => {
    expect(resolve({ peer })).toBe('PEER_UNKNOWN');
    expect(resolve({ peer }, createClientResolver())).toBe('PEER_UNKNOWN');
  });
});

describe('the walk over X-Forwarded-For', () => {
  it.each<[string, string, string]>([
    ['one hop', client, client],
    ['a spoofed hop on the left', `1.1.1.1, ${client}`, client],
    ['a spoofed trusted hop on the left', `10.9.9.9, ${client}`, client],
    ['trusted hops on the right', `1.1.1.1, ${client}, 10.0.0.7, 10.0.0.8`, client],
    ['trusted hops alone', '10.0.0.9, 10.0.0.8', '10.0.0.9'],
    ['a mapped hop', `::ffff:${client}`, client],
    ['a mapped trusted hop', `${client}, ::ffff:10.0.0.2`, client],
    ['a hex-mapped trusted hop', `${client}, ::ffff:a00:2`, client],
    ['an IPv6 hop', '2001:DB8::1', '2001:db8::1'],
    ['an IPv6 trusted hop', `${client}, 2001:db8:ffff::5`, client],
    ['a port', `${client}:51234`, client],
    ['a bracketed address', '[2001:db8::1]', '2001:db8::1'],
    ['a bracketed address with port', '[2001:db8::1]:443', '2001:db8::1'],
    ['an invalid hop at once', 'garbage', proxy],
    ['an invalid hop further out', `${client}, garbage, 10.0.0.2`, '10.0.0.2'],
    ['an octal hop', `${client}, 010.0.0.2`, proxy],
    ['an octet over 255', `${client}, 10.0.0.256`, proxy],
    ['an empty hop', `${client}, , 10.0.0.2`, '10.0.0.2'],
    ['an empty header', '', proxy],
    ['unknown', `${client}, unknown`, proxy],
  ])('%s', (_, xForwardedFor, expected) => {
    expect(address({ xForwardedFor })).toBe(expected);
  });

  it('starts from a mapped peer as from the peer itself', () => {
    expect(address({ peer: `::ffff:${proxy}`, xForwardedFor: client })).toBe(client);
  });

  it('leaves a trusted peer that forwards nothing as the client', () => {
    expect(resolve({})).toMatchObject({ address: proxy, viaProxy: false, secure: false });
    expect(resolve({ encrypted: true })).toMatchObject({ address: proxy, secure: true });
  });

  it('never believes what a client writes, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6()), (spoof) => {
        expect(address({ xForwardedFor: `${spoof}, ${client}` })).toBe(client);
      }),
    );
  });

  it('refuses headers without end, in no time', () => {
    const start = performance.now();
    expect(resolve({ xForwardedFor: `${'1.1.1.1,'.repeat(50)}${client}` })).toBe('FORWARDED_TOO_MANY_HOPS');
    for (const endless of [' '.repeat(65_536), ','.repeat(65_536), '['.repeat(65_536), '"'.repeat(65_536)]) {
      expect(resolve({ xForwardedFor: endless })).toBe('FORWARDED_TOO_LONG');
      expect(resolve({ xForwardedProto: endless })).toBe('FORWARDED_TOO_LONG');
      expect(resolve({ xForwardedHost: endless })).toBe('FORWARDED_TOO_LONG');
      expect(resolve({ forwarded: endless })).toBe('FORWARDED_TOO_LONG');
      resolve({ forwarded: endless.slice(0, 8_192), xForwardedFor: endless.slice(0, 8_192) });
      resolve({ forwarded: `for=${endless.slice(0, 8_000)}` });
    }
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});

describe('scheme and host behind X-Forwarded-*', () => {
  it('come from the trusted peer', () => {
    expect(
      resolve({ xForwardedFor: client, xForwardedProto: 'https', xForwardedHost: 'API.example' }),
    ).toEqual({
      address: client,
      network: client,
      secure: true,
      host: 'api.example',
      viaProxy: true,
    });
  });

  it.each<[string, Partial<ClientFacts>, boolean]>([
    ['HTTPS in capitals', { xForwardedProto: 'HTTPS' }, true],
    ['http', { xForwardedProto: 'http', encrypted: true }, false],
    ['nonsense', { xForwardedProto: 'httpss', encrypted: true }, false],
    ['nothing over TLS', { encrypted: true }, true],
    ['a spoofed https that the proxy appended to', { xForwardedProto: 'https, http' }, false],
    [
      'the outermost of two proxies',
      { xForwardedFor: `${client}, 10.0.0.2`, xForwardedProto: 'https, http' },
      true,
    ],
    [
      'a list too short to tell',
      { xForwardedFor: `${client}, 10.0.0.3, 10.0.0.2`, xForwardedProto: 'https, http' },
      false,
    ],
  ])('secure: %s', (_, over, secure) => {
    expect(resolve({ xForwardedFor: client, ...over })).toMatchObject({ secure });
  });

  it.each<[string, string, string]>([
    ['a spoofed host that the proxy appended to', 'evil.example, api.example', 'api.example'],
    ['an empty host', '', 'internal.example'],
  ])('host: %s', (_, xForwardedHost, host) => {
    expect(resolve({ xForwardedFor: client, xForwardedHost })).toMatchObject({ host });
  });

  it.each(['evil.com:x@good', 'a/b', 'a b', 'good.example\\@evil'])('refuses the host %j', (host) => {
    expect(resolve({ xForwardedHost: host })).toBe('HOST_SYNTAX');
    expect(resolve({ peer: client, host })).toBe('HOST_SYNTAX');
  });
});

describe('Forwarded', () => {
  it.each<[string, string, string]>([
    ['one element', `for=${client}`, client],
    ['names in any case', `For=${client};Proto=https`, client],
    ['a spoofed element on the left', `for=1.1.1.1, for=${client}`, client],
    ['trusted elements on the right', `for=${client}, for=10.0.0.2`, client],
    ['quoted IPv6 with port', 'for="[2001:db8::1]:4711"', '2001:db8::1'],
    ['quoted IPv4 with port', `for="${client}:4711"`, client],
    ['a quoted pair', `for="203.0.113.\\9"`, client],
    ['empty pairs', `;for=${client};;proto=https; `, client],
    ['a separator inside quotes', `secret="a,b;c", for=${client}`, client],
    ['unknown', 'for=unknown', proxy],
    ['a hidden name', 'for=_hidden', proxy],
    ['IPv6 without brackets', 'for="2001:db8::1"', '2001:db8::1'],
    ['a name twice', `for=${client};for=1.1.1.1`, proxy],
    ['a broken element on the left', `for=,=;;", for=1.1.1.1", for=${client}`, client],
    ['a broken element on the right', `for=${client}, for`, proxy],
  ])('%s', (_, forwarded, expected) => {
    expect(address({ forwarded })).toBe(expected);
  });

  it('gives scheme and host of the element that names the client', () => {
    const forwarded = `for=1.1.1.1;proto=http;host=evil.example, for=${client};proto=https;host="api.example:8443", for=10.0.0.2;proto=http;host=inner`;
    expect(resolve({ forwarded })).toMatchObject({ secure: true, host: 'api.example:8443', viaProxy: true });
  });

  it('can not be swallowed by a quote that the client leaves open', () => {
    expect(resolve({ forwarded: `for="1.1.1.1, for=${client}` })).toBe('FORWARDED_SYNTAX');
  });

  it('of too many elements is refused', () => {
    expect(resolve({ forwarded: 'for=10.0.0.2,'.repeat(60) })).toBe('FORWARDED_TOO_MANY_HOPS');
  });

  it('never throws, and never believes the left', () => {
    const text = fc.string({
      unit: fc.constantFrom('f', 'o', 'r', '=', ',', ';', '"', '\\', ' ', '1', '.', '[', ':'),
    });
    fc.assert(
      fc.property(text, (spoof) => {
        expect([client, 'FORWARDED_SYNTAX', 'FORWARDED_TOO_MANY_HOPS']).toContain(
          address({ forwarded: `${spoof}, for=${client}` }),
        );
      }),
      { numRuns: 500 },
    );
  });
});

describe('both families at once', () => {
  it('may agree', () => {
    expect(
      resolve({
        forwarded: `for=${client};host=API.example;proto=https`,
        xForwardedFor: client,
        xForwardedProto: 'https',
        xForwardedHost: 'api.example',
      }),
    ).toEqual({ address: client, network: client, secure: true, host: 'api.example', viaProxy: true });
  });

  it('are not believed in what only one of them says', () => {
    const forwarded = `for=${client};proto=https;host=evil.example`;
    const told = { address: client, secure: false, host: 'internal.example' };
    expect(resolve({ forwarded, xForwardedFor: client })).toMatchObject(told);
    const usual = { xForwardedFor: client, xForwardedProto: 'https', xForwardedHost: 'evil.example' };
    expect(resolve({ forwarded: `for=${client}`, ...usual })).toMatchObject(told);
  });

  it.each<[string, Partial<ClientFacts>]>([
    ['address', { forwarded: 'for=1.1.1.1', xForwardedFor: client }],
    ['presence of an address', { forwarded: 'for=1.1.1.1', xForwardedProto: 'https' }],
    ['presence of an address, the other way', { forwarded: 'proto=https', xForwardedFor: '1.1.1.1' }],
    ['scheme', { forwarded: `for=${client};proto=https`, xForwardedFor: client, xForwardedProto: 'http' }],
    [
      'host',
      { forwarded: `for=${client};host=evil.example`, xForwardedFor: client, xForwardedHost: 'api.example' },
    ],
  ])('that disagree on the %s are refused', (_, over) => {
    expect(resolve(over)).toBe('FORWARDED_CONFLICT');
  });

  it('are read one alone when the proxies are said to write it', () => {
    const both = { forwarded: 'for=1.1.1.1', xForwardedFor: client };
    const only = (proxyHeaders: 'forwarded' | 'x-forwarded') =>
      createClientResolver({ trustProxy: [proxy], proxyHeaders });
    expect(address(both, only('x-forwarded'))).toBe(client);
    expect(address(both, only('forwarded'))).toBe('1.1.1.1');
  });
});

describe('proxies that are counted', () => {
  const hops = (trustHops: number) => createClientResolver({ trustHops });

  it('are believed, so many of them, and what a client wrote before them is not', () => {
    const xForwardedFor = `6.6.6.6, ${client}, 10.0.9.9`;
    expect(address({ xForwardedFor }, hops(1))).toBe('10.0.9.9');
    expect(address({ xForwardedFor }, hops(2))).toBe(client);
    expect(address({ forwarded: `for=6.6.6.6, for=${client}` }, hops(1))).toBe(client);
    const told = { xForwardedFor, xForwardedProto: 'http, https, http' };
    expect(resolve(told, hops(2))).toMatchObject({ secure: true, viaProxy: true });
  });

  it('that are not all there end the walk at the last', () => {
    expect(address({ xForwardedFor: client }, hops(3))).toBe(client);
    expect(address({}, hops(1))).toBe(proxy);
  });

  it.each([
    [{ trustHops: 0 }],
    [{ trustHops: 11 }],
    [{ trustHops: 1.5 }],
    [{ trustHops: 1, trustProxy: [proxy] }],
  ])('refuses %j', (options) => {
    expect(() => createClientResolver(options)).toThrow(/client.trustHops/);
  });
});
