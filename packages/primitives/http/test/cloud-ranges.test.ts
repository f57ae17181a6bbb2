import { describe, expect, it } from 'vitest';
import { cloudRanges, createClientResolver } from '../src/index.js';

const aws = {
  syncToken: '1',
  prefixes: [
    { ip_prefix: '120.52.22.96/27', region: 'GLOBAL', service: 'AMAZON', network_border_group: 'GLOBAL' },
    { ip_prefix: '13.124.199.0/24', region: 'GLOBAL', service: 'CLOUDFRONT_ORIGIN_FACING' },
    { ip_prefix: '15.158.0.0/16', region: 'eu-west-1', service: 'CLOUDFRONT_ORIGIN_FACING' },
    { ip_prefix: '3.5.140.0/22', region: 'ap-northeast-2', service: 'EC2' },
  ],
  ipv6_prefixes: [
    { ipv6_prefix: '2600:9000:3000::/36', region: 'GLOBAL', service: 'CLOUDFRONT_ORIGIN_FACING' },
  ],
};
const azure = {
  values: [
    { name: 'AzureCloud', properties: { region: '', addressPrefixes: ['20.0.0.0/11'] } },
    {
      name: 'AzureFrontDoor.Backend',
      properties: { region: '', addressPrefixes: ['4.150.0.0/18', '2a01:111:20a::/48'] },
    },
  ],
};
const google = {
  prefixes: [
    { ipv4Prefix: '34.1.208.0/20', service: 'Google Cloud', scope: 'africa-south1' },
    { ipv6Prefix: '2600:1900:8000::/44', service: 'Google Cloud', scope: 'europe-west1' },
  ],
};

describe('published ranges', () => {
  it('of AWS are those of the service and region that are named', () => {
    const services = ['CLOUDFRONT_ORIGIN_FACING'];
    const all = ['13.124.199.0/24', '15.158.0.0/16', '2600:9000:3000::/36'];
    expect(cloudRanges('aws', aws, { services })).toEqual(all);
    expect(cloudRanges('aws', JSON.stringify(aws), { services: ['cloudfront_origin_facing'] })).toEqual(all);
    expect(cloudRanges('aws', aws, { services, regions: ['eu-west-1'] })).toEqual(['15.158.0.0/16']);
  });

  it('of Azure are those of a tag', () => {
    expect(cloudRanges('azure', azure, { services: ['AzureFrontDoor.Backend'] })).toEqual([
      '4.150.0.0/18',
      '2a01:111:20a::/48',
    ]);
  });

  it('of Google are those of a scope, or all, with and without services', () => {
    expect(cloudRanges('google', google)).toEqual(['34.1.208.0/20', '2600:1900:8000::/44']);
    expect(cloudRanges('google', google, { regions: ['europe-west1'] })).toEqual(['2600:1900:8000::/44']);
    expect(cloudRanges('google', { prefixes: [{ ipv4Prefix: '8.8.4.0/24' }] })).toEqual(['8.8.4.0/24']);
  });

  it('of Cloudflare are lines of text, or its API’s answer', () => {
    expect(cloudRanges('cloudflare', '173.245.48.0/20\r\n103.21.244.0/22\n\n2400:cb00::/32\n')).toEqual([
      '173.245.48.0/20',
      '103.21.244.0/22',
      '2400:cb00::/32',
    ]);
    const result = { ipv4_cidrs: ['173.245.48.0/20'], ipv6_cidrs: ['2400:cb00::/32'], etag: 'x' };
    expect(cloudRanges('cloudflare', { success: true, result })).toEqual([
      '173.245.48.0/20',
      '2400:cb00::/32',
    ]);
  });

  it('of Fastly are both its lists', () => {
    expect(
      cloudRanges('fastly', { addresses: ['23.235.32.0/20'], ipv6_addresses: ['2a04:4e40::/32'] }),
    ).toEqual(['23.235.32.0/20', '2a04:4e40::/32']);
  });

  it.each<[string, () => unknown, RegExp]>([
    ['AWS without a service', () => cloudRanges('aws', aws), /services is missing/],
    ['a service that is rented', () => cloudRanges('aws', aws, { services: ['EC2'] }), /anybody can rent/],
    ['all of AWS', () => cloudRanges('aws', aws, { services: ['AMAZON'] }), /anybody can rent/],
    ['all of Azure', () => cloudRanges('azure', azure, { services: ['AzureCloud'] }), /anybody can rent/],
    ['a service that is not there', () => cloudRanges('aws', aws, { services: ['CLOUDFONT'] }), /no range/],
    ['another cloud’s list', () => cloudRanges('fastly', aws), /not a list of fastly's/],
    ['a page of an error', () => cloudRanges('cloudflare', '<html>503</html>'), /CIDR/],
    ['an empty file', () => cloudRanges('cloudflare', ''), /no range/],
    ['half a file', () => cloudRanges('google', '{"prefixes":['), /not JSON/],
    ['the whole Internet', () => cloudRanges('cloudflare', '0.0.0.0/0'), /pose as your proxy/],
    ['a range that is a number', () => cloudRanges('fastly', { addresses: [1] }), /CIDR/],
    ['a cloud that nobody knows', () => cloudRanges('toString' as never, {}), /cloud is unknown/],
    ['nothing', () => cloudRanges('aws', null, { services: ['S3'] }), /not a list/],
    [
      'a filter that is no list',
      () => cloudRanges('google', google, { regions: 'eu' as never }),
      /list of names/,
    ],
  ])('%s is refused', (_, run, message) => {
    expect(run).toThrow(message);
    expect(run).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });

  it('make a rule that trusts them and nobody else, thousands as well as one', () => {
    const many = Array.from({ length: 20_000 }, (_, i) => `100.${(i >> 8) & 63}.${i & 255}.0/25`);
    const resolve = createClientResolver({
      trustProxy: [
        ...cloudRanges('fastly', { addresses: many }),
        ...cloudRanges('google', google),
        'loopback',
      ],
    });
    const viaProxy = (peer: string) => {
      const told = resolve({ peer, encrypted: false, host: 'api.example', xForwardedFor: '203.0.113.9' });
      return told.ok && told.client.viaProxy;
    };
    expect(
      ['100.7.9.1', '100.7.9.127', '34.1.223.255', '2600:1900:8000::1', '127.0.0.1', '::1'].map(viaProxy),
    ).toEqual([true, true, true, true, true, true]);
    expect(['100.7.9.128', '99.255.255.255', '34.1.224.0', '2600:1900:8010::1', '::2'].map(viaProxy)).toEqual(
      [false, false, false, false, false],
    );
  });
});
