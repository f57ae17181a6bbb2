import { describe, expect, it } from 'vitest';
import { type ClientFacts, createClientResolver, createCsrf } from '../src/index.js';

const behind = createClientResolver({ trustProxy: ['10.0.0.0/8'] });
const resolve = (over: Partial<ClientFacts>, resolver = behind) => {
  const told = resolver({
    peer: '10.0.0.1',
    encrypted: false,
    host: 'api.example',
    xForwardedFor: '203.0.113.9',
    xForwardedProto: 'https',
    ...over,
  });
  if (!told.ok) throw new Error(told.reason);
  return told.client;
};

describe('X-Forwarded-Port', () => {
  it('of a trusted proxy is the port that the client asked for', () => {
    expect(resolve({ xForwardedPort: '8443' })).toMatchObject({
      host: 'api.example',
      port: 8_443,
      secure: true,
    });
    expect(resolve({ xForwardedHost: 'api.example', xForwardedPort: '8443' }).port).toBe(8_443);
  });

  it('is not said again where the host says it, or it is the scheme’s own', () => {
    expect(resolve({ host: 'api.example:9443', xForwardedPort: '8443' })).not.toHaveProperty('port');
    expect(resolve({ xForwardedPort: '443' })).not.toHaveProperty('port');
    expect(resolve({ xForwardedProto: 'http', xForwardedPort: '80' })).not.toHaveProperty('port');
    expect(resolve({ xForwardedProto: 'http', xForwardedPort: '443' }).port).toBe(443);
  });

  it('comes from the hop that named the client', () => {
    const hops = { xForwardedFor: '203.0.113.9, 10.0.0.2', xForwardedProto: 'https, https' };
    expect(resolve({ ...hops, xForwardedPort: '8443, 9000' }).port).toBe(8_443);
    expect(resolve({ ...hops, xForwardedPort: '1, 8443, 9000' }).port).toBe(8_443);
    expect(resolve({ ...hops, xForwardedPort: '9000' }).port).toBe(9_000);
  });

  it.each(['0', '65536', '-1', '08443', '8443x', '', 'https', '84 43'])('%j is no port', (xForwardedPort) => {
    expect(resolve({ xForwardedPort })).not.toHaveProperty('port');
  });

  it('of an untrusted peer is ignored, as its address, scheme and host are, in both families', () => {
    const spoofed = {
      peer: '198.51.100.7',
      forwarded: 'for=1.1.1.1;proto=https;host=evil.example:8443',
      xForwardedHost: 'evil.example',
      xForwardedPort: '8443',
    };
    for (const resolver of [
      behind,
      createClientResolver(),
      createClientResolver({ trustProxy: ['private'] }),
    ]) {
      expect(resolve(spoofed, resolver)).toEqual({
        address: '198.51.100.7',
        network: '198.51.100.7',
        secure: false,
        host: 'api.example',
        viaProxy: false,
      });
    }
  });

  it('is not believed where the proxy writes Forwarded, which has no such thing', () => {
    const client = resolve({
      forwarded: 'for=203.0.113.9;proto=https;host=api.example',
      xForwardedHost: 'api.example',
      xForwardedPort: '8443',
    });
    expect(client).not.toHaveProperty('port');
    const alone = { xForwardedFor: undefined, xForwardedProto: undefined, xForwardedPort: '8443' };
    expect(resolve({ ...alone, forwarded: 'for=203.0.113.9;proto=https' })).not.toHaveProperty('port');
  });

  it('tells the own origin from another on the same host', () => {
    const csrf = createCsrf({ trustedOrigins: [] });
    const check = (origin: string) =>
      csrf({ method: 'POST', origin, ...resolve({ xForwardedPort: '8443' }) }).ok;
    expect([check('https://api.example:8443'), check('https://api.example')]).toEqual([true, false]);
  });
});

describe('presets', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['loopback', ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'], ['10.0.0.1', '::2', '203.0.113.9']],
    [
      'private',
      ['10.9.9.9', '172.16.0.1', '172.31.255.255', '192.168.0.1', 'fd00::1', 'fc00::1', '::ffff:10.0.0.1'],
      ['127.0.0.1', '172.32.0.1', '192.169.0.1', '100.64.0.1', '169.254.1.1', 'fe80::1', '2001:db8::1'],
    ],
    ['link-local', ['169.254.1.1', 'fe80::1%eth0', 'febf::1'], ['169.255.0.1', 'fec0::1', '10.0.0.1']],
  ])('%s is these addresses and no others', (preset, inside, outside) => {
    const resolver = createClientResolver({ trustProxy: [preset] });
    for (const peer of inside) expect([peer, resolve({ peer }, resolver).viaProxy]).toEqual([peer, true]);
    for (const peer of outside) expect([peer, resolve({ peer }, resolver).viaProxy]).toEqual([peer, false]);
  });

  it.each(['public', 'Private', 'private ', 'uniquelocal', 'constructor'])('%j is none', (preset) => {
    expect(() => createClientResolver({ trustProxy: [preset] })).toThrow(/trustProxy\[0\]/);
  });
});
