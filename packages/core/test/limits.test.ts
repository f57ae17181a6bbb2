import { leasedRateLimitStore, memoryRateLimitStore } from '@secapi/rate-limit';
import { describe, expect, it } from 'vitest';
import { secapi } from '../src/fetch.js';
import { ApiError, compileLimits, type LimitOptions, route } from '../src/index.js';
import { local, request, world } from './support.js';

type Limits = Readonly<Record<string, LimitOptions>>;

/** A server behind limits, which answers with the status that the path names. */
async function served(limits: Limits, options: Parameters<typeof world>[0] = {}) {
  const setup = await world({ limits, httpsOnly: false, ...options });
  const { protect } = secapi(setup.shield);
  const handlers = new Map<unknown, ReturnType<typeof protect>>();
  async function ask(
    path: string,
    from = '203.0.113.1',
    used?: Parameters<typeof route>[0]['limit'],
    bearer?: string,
  ) {
    const handler =
      handlers.get(used) ??
      protect(route({ access: 'optional', ...(used && { limit: used }) }), (_, { url }) => {
        const status = Number(new URL(url).pathname.slice(1));
        if (status >= 400) throw new ApiError('INVALID_CREDENTIALS', { status });
        return {};
      });
    handlers.set(used, handler);
    const headers = bearer ? { authorization: bearer } : {};
    return handler(request(path, { headers }), { peer: from });
  }
  const status = async (...args: Parameters<typeof ask>) => (await ask(...args)).status;
  return Object.assign(setup, { ask, status });
}

describe('whom a limit counts', () => {
  it('by client: an IPv6 /64 is one, whatever address it takes', async () => {
    const { status } = await served({ api: { limit: 1, window: '1m' } });
    expect(await status('/200', '2001:db8:1:2::1')).toBe(200);
    expect(await status('/200', '2001:db8:1:2:ffff::9')).toBe(429);
    expect(await status('/200', '2001:db8:1:3::1')).toBe(200);
    expect(await status('/200', '203.0.113.1')).toBe(200);
    expect(await status('/200', '::ffff:203.0.113.1')).toBe(429);
  });

  it('by client with another prefix', async () => {
    const { status } = await served({ api: { limit: 1, window: '1m' } }, { ipv6Prefix: 48 });
    expect(await status('/200', '2001:db8:1:2::1')).toBe(200);
    expect(await status('/200', '2001:db8:1:3::1')).toBe(429);
  });

  it('by subnet: who rotates through a /24 or a /48 is one', async () => {
    const { status } = await served({ net: { limit: 1, window: '1m', by: 'subnet' } });
    expect(await status('/200', '203.0.113.1')).toBe(200);
    expect(await status('/200', '203.0.113.200')).toBe(429);
    expect(await status('/200', '203.0.114.1')).toBe(200);
    expect(await status('/200', '2001:db8:7:1::1')).toBe(200);
    expect(await status('/200', '2001:db8:7:2::1')).toBe(429);
  });

  it('everyone, a tenant, a principal from wherever it comes, a client and principal together', async () => {
    const { status, bearer } = await served(
      {
        tenant: { limit: 3, window: '1m', by: 'tenant' },
        principal: { limit: 2, window: '1m', by: 'principal' },
        pair: { limit: 1, window: '1m', by: ['client', 'principal'] },
      },
      { principal: ({ sub }) => ({ id: sub, roles: ['user'], tenant: sub.slice(0, 1) }) },
    );
    const [ada, bob, amy] = [await bearer('ada'), await bearer('bob'), await bearer('amy')];
    expect(await status('/200', '203.0.113.1', undefined, ada)).toBe(200);
    expect(await status('/200', '203.0.113.1', undefined, ada)).toBe(429); // pair
    expect(await status('/200', '203.0.113.2', undefined, ada)).toBe(200);
    expect(await status('/200', '203.0.113.3', undefined, ada)).toBe(429); // principal
    expect(await status('/200', '203.0.113.1', undefined, amy)).toBe(200);
    expect(await status('/200', '203.0.113.4', undefined, amy)).toBe(429); // tenant
    expect(await status('/200', '203.0.113.1', undefined, bob)).toBe(200);
    expect(await status('/200', '203.0.113.1')).toBe(200); // nobody is signed in
    const everyone = await served({ all: { limit: 2, window: '1m', by: 'everyone' } });
    expect(await everyone.status('/200', '203.0.113.1')).toBe(200);
    expect(await everyone.status('/200', '198.51.100.1')).toBe(200);
    expect(await everyone.status('/200', '2001:db8::1')).toBe(429);
  });

  it('whom a function names, and nobody where it names none', async () => {
    const { status } = await served(
      {
        key: {
          limit: 1,
          window: '1m',
          by: ({ request: { header } }) => header('authorization')?.slice(7, 9),
        },
      },
      { principal: () => undefined },
    );
    for (let i = 0; i < 3; i++) expect(await status('/200')).toBe(200);
  });

  it('keeps ids apart, whatever is in them', async () => {
    const [limit] = compileLimits({ pair: { limit: 1, window: '1m', by: ['principal', 'tenant'] } });
    const keyOf = (id: string, tenant: string) =>
      limit?.subject.keyOf({ principal: { id, tenant, roles: [] } } as never);
    expect(keyOf('a","t:b', 'c')).not.toBe(keyOf('a', 'b","t:c'));
  });
});

describe('what a limit counts', () => {
  it('all, failures and successes side by side: each gets back its own and no other', async () => {
    const { status, shield } = await served({
      all: { limit: 100, window: '1m' },
      failures: { limit: 3, window: '1m', count: 'failures' },
      successes: { limit: 5, window: '1m', count: 'successes' },
    });
    for (const path of ['/200', '/200', '/401', '/500']) await status(path);
    const left = async (name: string) => (await shield.limits.inspect(name, '203.0.113.1'))?.remaining;
    expect([await left('all'), await left('failures'), await left('successes')]).toEqual([96, 2, 3]);
  });

  it('cost points, the limit’s own or the route’s', async () => {
    const points: Limits = {
      points: { limit: 10, window: '1m', on: 'route', cost: ({ path }) => (path === '/201' ? 4 : 1) },
    };
    const { ask, status } = await served(points);
    expect(await status('/201', '203.0.113.1', 'points')).toBe(200);
    expect(await status('/200', '203.0.113.1', 'points')).toBe(200);
    const five = { use: 'points', cost: 5 };
    expect(await status('/200', '203.0.113.1', five)).toBe(200);
    expect((await ask('/200', '203.0.113.1', 'points')).status).toBe(429);
    expect(await status('/200', '203.0.113.2', 'points')).toBe(200);
  });

  it('what is under way at the same time, ended with the request however it ends', async () => {
    const { status, shield } = await served({
      open: { limit: 1, window: '1m', algorithm: 'concurrency' },
    });
    for (const path of ['/200', '/401', '/500', '/200'])
      expect(await status(path)).toBe(Number(path.slice(1)));
    expect((await shield.limits.inspect('open', '203.0.113.1'))?.remaining).toBe(1);
    const both = await Promise.all([status('/200'), status('/200')]);
    expect(both.sort()).toEqual([200, 429]);
  });

  it('several limits of one route at once: all or none', async () => {
    const { status, shield } = await served({
      one: { limit: 1, window: '1m', on: 'route' },
      ten: { limit: 10, window: '1m', on: 'route' },
    });
    const used = ['ten', 'one'] as const;
    expect([await status('/200', '203.0.113.1', used), await status('/200', '203.0.113.1', used)]).toEqual([
      200, 429,
    ]);
    expect((await shield.limits.inspect('ten', '203.0.113.1'))?.remaining).toBe(9);
  });
});

describe('plans', () => {
  it('are looked up for each request: what is sold is felt at once', async () => {
    const plans = new Map<string, number>();
    const { status, bearer } = await served({
      api: {
        limit: 1,
        window: '1m',
        by: 'principal',
        plan: async ({ principal }) => {
          const limit = plans.get(principal?.id ?? '');
          return limit === undefined ? undefined : { limit };
        },
      },
    });
    const ada = await bearer('ada');
    const ask = () => status('/200', '203.0.113.1', undefined, ada);
    expect([await ask(), await ask()]).toEqual([200, 429]);
    plans.set('ada', 3);
    expect([await ask(), await ask(), await ask()]).toEqual([200, 200, 429]);
    plans.delete('ada');
    expect(await ask()).toBe(429);
  });

  it('that can’t be looked up leave the limit as it is declared, and are logged', async () => {
    for (const plan of [
      () => Promise.reject(new Error('no database')),
      () => {
        throw new Error('no database');
      },
      () => ({ limit: -1 }),
    ]) {
      const { status, bearer, lines } = await served({
        api: { limit: 1, window: '1m', by: 'principal', plan },
      });
      const ada = await bearer('ada');
      expect(await status('/200', '203.0.113.1', undefined, ada)).toBe(200);
      expect(await status('/200', '203.0.113.1', undefined, ada)).toBe(429);
      expect(lines.filter(({ message }) => message.startsWith('a plan could not be looked up'))).toHaveLength(
        1,
      );
    }
  });
});

describe('an observed limit', () => {
  it('refuses nothing, and tells each time that it would have', async () => {
    const { status, lines, trail } = await served({ api: { limit: 1, window: '1m', observe: true } });
    expect([await status('/200'), await status('/200'), await status('/200')]).toEqual([200, 200, 200]);
    const told = lines.filter(({ message }) => message === 'excess_rate_limit_exceeded');
    expect(told.map(({ fields }) => (fields as { details: unknown }).details)).toEqual([
      { limit: 'api', observed: true },
      { limit: 'api', observed: true },
    ]);
    expect(trail).toEqual([]);
  });
});

describe('header fields', () => {
  const limits: Limits = { api: { limit: 1, window: '1m' } };

  it('are those of the draft, those of old, or both; Retry-After always', async () => {
    for (const [limitHeaders, draft, legacy] of [
      ['draft', true, false],
      ['legacy', false, true],
      ['both', true, true],
    ] as const) {
      const { ask } = await served(limits, { limitHeaders });
      const first = await ask('/200');
      const refused = await ask('/200');
      expect(refused.status).toBe(429);
      for (const { headers } of [first, refused]) {
        expect([headers.has('ratelimit'), headers.has('x-ratelimit-limit')]).toEqual([draft, legacy]);
      }
      expect(refused.headers.get('retry-after')).toBe('60');
    }
  });
});

describe('an operator', () => {
  it('sees what a limit says of somebody, and resets it', async () => {
    const { status, shield, bearer } = await served({
      api: { limit: 2, window: '1m' },
      own: { limit: 5, window: '1m', by: ['principal', 'client'] },
    });
    const ada = await bearer('ada');
    await status('/200', '2001:db8::1', undefined, ada);
    await status('/200', '2001:db8::2', undefined, ada);
    expect(shield.limits.names).toEqual(['api', 'own']);
    expect(await shield.limits.inspect('api', '2001:db8::99')).toMatchObject({
      remaining: 0,
      allowed: false,
    });
    expect(await shield.limits.inspect('own', 'ada', '2001:db8::99')).toMatchObject({ remaining: 3 });
    await shield.limits.reset('api', '2001:db8::1');
    expect(await status('/200', '2001:db8::3', undefined, ada)).toBe(200);
    await expect(shield.limits.reset('apo', 'x')).rejects.toThrow(/use one of api, own/);
  });
});

describe('the store of limits', () => {
  it('may fail: each limit goes its own way, no request is a 500', async () => {
    const fail = () => Promise.reject(new Error('connection lost'));
    const broken = { consume: fail, refund: fail, reset: fail, processes: () => 2 };
    const limits: Limits = {
      shared: { limit: 4, window: '1m' },
      costly: { limit: 4, window: '1m', on: 'route', whenStoreFails: 'deny' },
    };
    const { status } = await served(limits, { stores: { limits: broken } });
    expect([await status('/200'), await status('/200'), await status('/200')]).toEqual([200, 200, 429]);
    expect(await status('/200', '203.0.113.9', 'costly')).toBe(429);
  });

  it('may be taken in batches', async () => {
    const store = leasedRateLimitStore(memoryRateLimitStore());
    const { ask } = await served({ api: { limit: 1_000, window: '1m' } }, { stores: { limits: store } });
    for (let i = 0; i < 30; i++) expect((await ask('/200')).status).toBe(200);
  });
});

describe('a forgotten proxy', () => {
  it('is told in the log, once', async () => {
    const { shield, lines } = await world();
    const handler = secapi(shield).protect(route({ access: 'public' }), () => ({}));
    for (let i = 0; i < 60; i++)
      await handler(request('/x', { headers: { 'x-forwarded-for': '203.0.113.7' } }), local);
    const told = lines.filter(({ fields }) => (fields as { code?: string })?.code === 'PROXY_UNTRUSTED');
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ level: 'warn', fields: { addresses: ['127.0.0.1'] } });
  });
});
