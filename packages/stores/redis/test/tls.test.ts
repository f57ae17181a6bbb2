import { compileRule, createRateLimiter } from '@secapi/rate-limit';
import { afterAll, describe, expect, it } from 'vitest';
import { makeCertificates } from '../../../../scripts/certificates.mjs';
import { startRedis, startRedisCluster } from '../../../../scripts/redis.mjs';
import {
  type ConnectRedisOptions,
  connectRedis,
  connectRedisCluster,
  pingRedis,
  redisRateLimitStore,
} from '../src/index.js';
import { changes, prepare, reads, storesOver } from './operations.js';

const password = 'canary4711';
const rule = compileRule({ name: 'api', limit: 20, window: '1h' });

/** The servers of one kind, all with the same certificates. */
interface Place {
  readonly ca: string;
  /** What a client hears when it doesn't trust the servers: of a cluster ioredis keeps the reason to itself. */
  readonly said: RegExp;
  connect(options: ConnectRedisOptions): ReturnType<typeof connectRedis | typeof connectRedisCluster>;
  /** The same without TLS. */
  connectPlain(options: ConnectRedisOptions): ReturnType<typeof connectRedis | typeof connectRedisCluster>;
}

/** What a client that is told of its errors says about a connection that can't be made. */
async function refusal(
  connect: Place['connect'],
  options: ConnectRedisOptions,
): Promise<{ ok: boolean; said: string }> {
  const said: string[] = [];
  const client = connect({
    ...options,
    onError: (error) => said.push(`${error} ${String(Reflect.get(error, 'lastNodeError') ?? '')}`),
  });
  try {
    const { ok } = await pingRedis(client, '1s');
    return { ok, said: said.join('\n') };
  } finally {
    client.disconnect();
  }
}

function describeOverTls(title: string, place: Place): void {
  describe(title, () => {
    it('serves every operation of every store, to who trusts its authority', async () => {
      const client = place.connect({ tls: { ca: place.ca } });
      try {
        expect(await pingRedis(client, '10s')).toEqual({ ok: true });
        const stores = storesOver(client, '5s');
        await prepare(stores);
        for (const [name, run] of [...changes, ...reads])
          await expect(Promise.resolve(run(stores)), name).resolves.not.toThrow();
        const limiter = createRateLimiter({
          store: redisRateLimitStore(client, { deadline: '5s' }),
          deadline: '5s',
        });
        const all = await Promise.all(
          Array.from({ length: 60 }, async () => limiter.reserve([{ rule, key: 'a' }])),
        );
        expect(all.filter(({ allowed }) => allowed)).toHaveLength(20);
        expect(new Set(all.map(({ decidedBy }) => decidedBy))).toEqual(new Set(['store']));
      } finally {
        client.disconnect();
      }
    });

    it.each([
      ['trusts another authority of the same name', { ca: makeCertificates().ca }],
      ['trusts what the machine trusts', {}],
      ['expects another host', { servername: 'redis.example' }],
    ])('is not talked to by a client that %s, and hears of it without the password', async (_title, tls) => {
      const trusted = 'servername' in tls ? { ...tls, ca: place.ca } : tls;
      const { ok, said } = await refusal(place.connect, { tls: trusted });
      expect(ok).toBe(false);
      expect(said).toMatch(place.said);
      expect(said).not.toContain(password);
    });

    it('answers nobody who comes without TLS', async () => {
      expect((await refusal(place.connectPlain, {})).ok).toBe(false);
    });
  });
}

const plain = (url: string): string => url.replace('rediss:', 'redis:');

const server = await startRedis({ tls: true, password });
const cluster = await startRedisCluster({ tls: true, password });
const closed = await startRedis({ tls: true, settings: { 'tls-auth-clients': 'yes' } });

if (server.skipped === undefined && server.tls) {
  describeOverTls('a server over TLS', {
    ca: server.tls.ca,
    said: /certificate|altnames/i,
    connect: (options) => connectRedis(server.url, options),
    connectPlain: (options) => connectRedis(plain(server.url), options),
  });
  afterAll(() => server.stop());
} else {
  it.skip('a server over TLS');
}

if (cluster.skipped === undefined && cluster.tls) {
  const urls = cluster.nodes.map(({ url }) => url);
  describeOverTls('a cluster over TLS', {
    ca: cluster.tls.ca,
    said: /ClusterAllFailedError/,
    connect: (options) => connectRedisCluster(urls, options),
    connectPlain: (options) => connectRedisCluster(urls.map(plain), options),
  });
  afterAll(() => cluster.stop());
} else {
  it.skip('a cluster over TLS');
}

describe.skipIf(closed.skipped !== undefined)('a server that asks clients for a certificate', () => {
  if (closed.skipped !== undefined || !closed.tls) return;
  const { ca, cert, key } = closed.tls;
  const stranger = makeCertificates();
  const ping = (tls: ConnectRedisOptions['tls']) =>
    refusal((options) => connectRedis(closed.url, options), { ...(tls && { tls }) });
  afterAll(() => closed.stop());

  it('serves who shows one of its authority, and nobody else', async () => {
    expect((await ping({ ca, cert, key })).ok).toBe(true);
    expect((await ping({ ca })).ok).toBe(false);
    expect((await ping({ ca, cert: stranger.cert, key: stranger.key })).ok).toBe(false);
  });
});
