import { createAddressList } from '@secapi/http';
import { memoryPenaltyStore, type PenaltyStore } from '@secapi/rate-limit';
import { describe, expect, it } from 'vitest';
import { secapi } from '../src/fetch.js';
import { route } from '../src/index.js';
import { request, world } from './support.js';

const limits = { api: { limit: 2, window: '1m' } } as const;
const penalties = { delayAfter: 2, delay: '20ms', banAfter: 4, ban: '5m', maxBan: '1h' } as const;

async function served(options: Parameters<typeof world>[0]) {
  const setup = await world({ limits, httpsOnly: false, ...options });
  const handler = secapi(setup.shield).protect(route({ access: 'public' }), () => ({}));
  const ask = (peer: string, init?: RequestInit) => handler(request('/x', init), { peer });
  return Object.assign(setup, { ask, status: async (peer: string) => (await ask(peer)).status });
}

describe('lists of addresses', () => {
  it('refuse some, limit none of others, and everybody else as always', async () => {
    const { status, lines } = await served({
      addresses: { allow: ['10.1.0.0/16'], deny: ['203.0.113.0/24', '10.1.2.3'] },
    });
    expect([
      await status('203.0.113.9'),
      await status('::ffff:203.0.113.9'),
      await status('10.1.2.3'),
    ]).toEqual([403, 403, 403]);
    for (let i = 0; i < 5; i++) expect(await status('10.1.9.9')).toBe(200);
    expect([
      await status('198.51.100.1'),
      await status('198.51.100.1'),
      await status('198.51.100.1'),
    ]).toEqual([200, 200, 429]);
    expect(lines.find(({ message }) => message === 'authz_fail')?.fields).toMatchObject({
      details: { reason: 'address_denied' },
    });
  });

  it('change while the server runs', async () => {
    const deny = createAddressList([]);
    const { status } = await served({ addresses: { deny } });
    expect(await status('203.0.113.9')).toBe(200);
    deny.replace(['203.0.113.0/24']);
    expect(await status('203.0.113.9')).toBe(403);
    deny.replace([]);
    expect(await status('203.0.113.9')).toBe(200);
  });

  it('are not passed by a header that nobody trusts', async () => {
    const { ask } = await served({ addresses: { allow: ['10.1.0.0/16'], deny: ['203.0.113.0/24'] } });
    const headers = { 'x-forwarded-for': '10.1.9.9' };
    expect((await ask('203.0.113.9', { headers })).status).toBe(403);
    for (let i = 0; i < 3; i++) await ask('198.51.100.1', { headers });
    expect((await ask('198.51.100.1', { headers })).status).toBe(429);
  });

  it('make sense, or are refused at construction', async () => {
    await expect(served({ addresses: { deny: ['everybody'] } })).rejects.toThrow(/addresses\[0\]/);
  });
});

describe('penalties', () => {
  it('hold back and then ban who is past a limit again and again, for longer than the limit would', async () => {
    const setup = await served({ penalties });
    for (let i = 0; i < 2 + 4; i++) await setup.ask('203.0.113.1');
    const banned = await setup.ask('203.0.113.1');
    expect([banned.status, banned.headers.get('retry-after')]).toEqual([429, '300']);
    setup.clock += 61_000;
    expect(await setup.status('203.0.113.1')).toBe(429);
    setup.clock += 240_000;
    expect(await setup.status('203.0.113.1')).toBe(200);
  });

  it('do nothing to the honest, and nothing when they are not asked for', async () => {
    const setup = await served({ penalties });
    for (let i = 0; i < 9; i++) await setup.ask('203.0.113.1');
    expect([await setup.status('203.0.113.2'), await setup.status('203.0.113.2')]).toEqual([200, 200]);
    const plain = await served({});
    for (let i = 0; i < 20; i++) await plain.ask('203.0.113.1');
    plain.clock += 61_000;
    expect(await plain.status('203.0.113.1')).toBe(200);
  });

  it('hold a request back, but not longer than its client waits', async () => {
    const setup = await served({ penalties: { ...penalties, delay: '3s' } });
    for (let i = 0; i < 2 + 2; i++) await setup.ask('203.0.113.1');
    const controller = new AbortController();
    const held = setup.ask('203.0.113.1', { signal: controller.signal });
    const early = await Promise.race([
      held.then(() => 'answered'),
      new Promise((go) => setTimeout(go, 50, 'held')),
    ]);
    controller.abort();
    expect([early, (await held).status]).toEqual(['held', 429]);
  });

  it('spare who is never limited', async () => {
    const setup = await served({ penalties, addresses: { allow: ['10.0.0.0/8'] } });
    for (let i = 0; i < 20; i++) expect(await setup.status('10.0.0.1')).toBe(200);
  });

  it('end when an operator says so', async () => {
    const setup = await served({ penalties });
    for (let i = 0; i < 9; i++) await setup.ask('2001:db8::1');
    await setup.shield.limits.pardon('2001:db8::77');
    await setup.shield.limits.reset('api', '2001:db8::1');
    expect(await setup.status('2001:db8::1')).toBe(200);
  });

  it('are shared by processes that share a store, and go on when it fails', async () => {
    const memory = memoryPenaltyStore();
    let broken = false;
    const answer = async <T>(run: () => T): Promise<T> => {
      if (broken) throw new Error('connection lost');
      return run();
    };
    const store: PenaltyStore = {
      check: (...args) => answer(() => memory.check(...args)),
      offend: (...args) => answer(() => memory.offend(...args)),
      pardon: (key) => answer(() => memory.pardon(key)),
    };
    const one = await served({ penalties, stores: { penalties: store } });
    const other = await served({ penalties, stores: { penalties: store } });
    for (let i = 0; i < 9; i++) await one.ask('203.0.113.1');
    expect(await other.status('203.0.113.1')).toBe(429);
    broken = true;
    other.clock += 1_000;
    expect(await other.status('203.0.113.1')).toBe(200); // limited, and no more
    expect(other.lines.some(({ message }) => message.startsWith('the store of penalties failed'))).toBe(true);
  });
});
