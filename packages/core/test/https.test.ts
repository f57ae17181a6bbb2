import { describe, expect, it } from 'vitest';
import { secapi } from '../src/fetch.js';
import { type RecommendedOptions, route, type TransportOptions, transport } from '../src/index.js';
import { request, world } from './support.js';

const stranger = { peer: '203.0.113.9' };

async function serve(options: Partial<RecommendedOptions>) {
  const { shield } = await world({ limits: { api: { limit: 1_000, window: '15m' } }, ...options });
  const handler = secapi(shield).protect(route({ access: 'public' }), () => ({}));
  return async (path: string, init: RequestInit = {}, peer = stranger) => {
    const response = await handler(request(path, init), peer);
    return [response.status, response.headers.get('location')];
  };
}

describe('plain HTTP', () => {
  it('is refused by an API and redirected for its pages, to the host of the configuration', async () => {
    const ask = await serve({ pages: ['/docs/'], canonicalHost: 'www.example.com' });
    expect(await ask('/api/x')).toEqual([403, null]);
    expect(await ask('/docs/a?b=c')).toEqual([308, 'https://www.example.com/docs/a?b=c']);
    expect(await ask('/docs/a', { headers: { host: 'evil.test' } })).toEqual([
      308,
      'https://www.example.com/docs/a',
    ]);
    expect(await ask('/docs/a', {}, { peer: '127.0.0.1' })).toEqual([200, null]);
  });

  it('is not redirected where that would only hide what went out in the clear', async () => {
    const ask = await serve({ pages: ['/docs/'], canonicalHost: 'www.example.com' });
    expect(await ask('/docs/a', { method: 'POST' })).toEqual([403, null]);
    expect(await ask('/docs/a', { headers: { authorization: 'Bearer abc' } })).toEqual([403, null]);
    expect(await ask('/docs/a', { method: 'HEAD' })).toEqual([308, 'https://www.example.com/docs/a']);
  });

  it('is redirected to the host of the request only where it is one of the list', async () => {
    const ask = await serve({ httpsOnly: 'redirect', hosts: ['app.example', '*.app.example', '[::1]'] });
    const from = (host: string) => ask('/a', { headers: { host } });
    expect(await from('app.example')).toEqual([308, 'https://app.example/a']);
    expect(await from('APP.example:80')).toEqual([308, 'https://app.example/a']);
    expect(await from('a.app.example')).toEqual([308, 'https://a.app.example/a']);
    expect(await from('[::1]:80')).toEqual([308, 'https://[::1]/a']);
    for (const host of [
      'evil.test',
      'app.example.evil.test',
      'app.example:8080',
      'evil.test#app.example',
      'app.example@evil.test',
    ])
      expect([host, await from(host)]).toEqual([host, [400, null]]);
  });

  it('is redirected to nothing but a path of that host', async () => {
    const ask = await serve({ httpsOnly: 'redirect', canonicalHost: 'www.example.com:8443' });
    expect(await ask('//evil.test/%0d%0aset-cookie:a=b')).toEqual([
      308,
      'https://www.example.com:8443//evil.test/%0d%0aset-cookie:a=b',
    ]);
    expect((await ask(`/${'a'.repeat(3_000)}`))[0]).toBe(403);
  });

  it('is served where somebody says so', async () => {
    expect(await (await serve({ httpsOnly: false }))('/x')).toEqual([200, null]);
  });

  it.each<[TransportOptions, RegExp]>([
    [{ httpsOnly: 'redirect' }, /canonicalHost/],
    [{ pages: ['/docs/'] }, /canonicalHost/],
    [{ pages: ['docs'], canonicalHost: 'a.example' }, /canonical prefix/],
    [{ pages: ['/docs/'], httpsOnly: false, canonicalHost: 'a.example' }, /transport\.pages/],
    [{ pages: ['/docs/'], httpsOnly: 'redirect', canonicalHost: 'a.example' }, /transport\.pages/],
    [{ pages: '/docs/' as never, canonicalHost: 'a.example' }, /not a list/],
    [{ httpsOnly: 'yes' as never }, /httpsOnly/],
    [{ canonicalHost: 'https://a.example' }, /canonicalHost/],
    [{ canonicalHost: '*.a.example' }, /canonicalHost/],
    [{ canonicalHost: 'A.example' }, /canonicalHost/],
  ])('%j is refused at construction', (options, message) => {
    expect(() => transport(options)).toThrow(message);
  });
});
