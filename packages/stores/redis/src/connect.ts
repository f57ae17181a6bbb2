import type { ConnectionOptions } from 'node:tls';
import { ConfigError, checkOptions, type Duration, toMilliseconds } from '@secapi/kernel';
import { Cluster, Redis } from 'ioredis';
import { followFailovers } from './internal/failovers.js';

/** Options of {@link connectRedis}. */
export interface ConnectRedisOptions {
  /**
   * How long ioredis itself waits for an answer. The stores have deadlines of their own.
   *
   * @default '1s'
   */
  readonly commandTimeout?: Duration;
  /** Told when the connection can't be made or is lost. The stores' calls fail then anyway. */
  readonly onError?: (error: Error) => void;
  /** What TLS trusts and shows (`ca`, `cert`, `key`, `servername`), for `rediss://`. */
  readonly tls?: ConnectionOptions;
}

/** Options of {@link connectRedisSentinel}. */
export interface ConnectRedisSentinelOptions extends ConnectRedisOptions {
  /** The name that the sentinels know the master by. */
  readonly name: string;
  /** The user of the servers' ACL, where it is not the default one. */
  readonly username?: string;
  /** The password of the servers; that of the sentinels stands in their URLs. */
  readonly password?: string;
  /** @default 0 */
  readonly database?: number;
}

const common: string[] = ['commandTimeout', 'onError', 'tls'];

/**
 * An ioredis client that never holds a request back: calls fail at once while there is no connection (no offline queue), nothing is sent
 * twice, a connection that stopped answering is replaced within seconds, and a lost one is tried again four times a second.
 *
 * It connects on its own; `pingRedis` waits until it has. Call its `quit()` or `disconnect()` at the end.
 *
 * @param url `redis://` or, over TLS, `rediss://`, with user, password and database if need be
 * @throws ConfigError when the URL is not one of Redis; it doesn't repeat the URL, which may hold a password
 */
export function connectRedis(url: string, options: ConnectRedisOptions = {}): Redis {
  checkOptions('connectRedis', options, common);
  const settings = settingsOf('connectRedis', options);
  const { tls } = partsOf('connectRedis.url', url);
  checkTls('connectRedis', tls, options);
  return listen(new Redis(url, { ...settings, ...(options.tls && { tls: options.tls }) }), options);
}

/**
 * The same for a Redis Cluster: it finds all nodes from the ones named, and follows slots and failovers.
 *
 * `pingRedis` waits until it has connected, to every master.
 *
 * @param urls some nodes, all with the same scheme, user and password
 * @throws ConfigError when there is none, one is not a URL of Redis, or they differ; it doesn't repeat them
 */
export function connectRedisCluster(urls: readonly string[], options: ConnectRedisOptions = {}): Cluster {
  const where = 'connectRedisCluster';
  checkOptions(where, options, common);
  const settings = settingsOf(where, options);
  const { nodes, access } = nodesOf(where, urls, options);
  const cluster = new Cluster(nodes, {
    enableOfflineQueue: false,
    retryDelayOnFailover: 0, // nothing is sent twice
    retryDelayOnClusterDown: 0,
    clusterRetryStrategy: retryAfter,
    slotsRefreshTimeout: 2_000,
    slotsRefreshInterval: 5_000,
    redisOptions: { ...settings, ...access },
  });
  return listen(cluster, options);
}

/**
 * The same for a master that sentinels watch: after a failover it is the new one.
 *
 * @param urls the sentinels, all with the same scheme, user and password
 * @throws ConfigError when there is none, one is not a URL of Redis, they differ, or there is no name
 */
export function connectRedisSentinel(urls: readonly string[], options: ConnectRedisSentinelOptions): Redis {
  const where = 'connectRedisSentinel';
  checkOptions(where, options, [...common, 'name', 'username', 'password', 'database']);
  const { name, username, password, database = 0, tls } = options;
  if (typeof name !== 'string' || name === '') {
    throw new ConfigError(
      `${where}.name`,
      'is missing',
      'use the name that the sentinels know the master by',
    );
  }
  if (!Number.isInteger(database) || database < 0) {
    throw new ConfigError(`${where}.database`, 'is not a whole number from 0', 'leave it out or use 0');
  }
  const settings = settingsOf(where, options);
  const { nodes, access } = nodesOf(where, urls, options);
  const redis = new Redis({
    ...settings,
    sentinels: nodes,
    name,
    db: database,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(access.username !== undefined && { sentinelUsername: access.username }),
    ...(access.password !== undefined && { sentinelPassword: access.password }),
    ...(access.tls && { tls: tls ?? {}, sentinelTLS: tls ?? {}, enableTLSForSentinelMode: true }),
    sentinelCommandTimeout: 1_000,
    sentinelRetryStrategy: retryAfter,
  });
  followFailovers(
    redis,
    name,
    nodes.map((node) => ({ ...node, ...access })),
    options.onError,
  );
  return listen(redis, options);
}

function settingsOf(where: string, options: ConnectRedisOptions) {
  const commandTimeout = toMilliseconds(`${where}.commandTimeout`, options.commandTimeout ?? '1s', {
    max: 60,
  });
  return {
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0, // a lost connection fails what was under way at once; with 1, ioredis forgets it without an answer
    commandTimeout,
    connectTimeout: 2_000,
    socketTimeout: commandTimeout * 3,
    retryStrategy: retryAfter,
    reconnectOnError: (error: Error) => error.message.startsWith('READONLY'), // it was a master and is none any more
  };
}

/** Milliseconds until the next attempt to connect, four times a second at most: Redis decides again within a second of its return. */
function retryAfter(times: number): number {
  return Math.min(times * 50, 250);
}

/** Without a listener ioredis writes to the console. */
function listen<T extends Redis | Cluster>(client: T, { onError }: ConnectRedisOptions): T {
  client.on('error', (error: Error) => onError?.(error));
  return client;
}

interface Access {
  readonly username?: string;
  readonly password?: string;
  readonly tls?: ConnectionOptions;
}

function nodesOf(
  where: string,
  urls: readonly string[],
  options: ConnectRedisOptions,
): { nodes: { host: string; port: number }[]; access: Access } {
  if (!Array.isArray(urls) || urls.length === 0) {
    throw new ConfigError(`${where}.urls`, 'is no list of nodes', "use ['redis://host:port', …]");
  }
  const parts = urls.map((url: string) => partsOf(`${where}.urls`, url));
  const [first] = parts;
  for (const { tls, username, password } of parts) {
    if (tls !== first?.tls || username !== first.username || password !== first.password) {
      throw new ConfigError(`${where}.urls`, 'differ in scheme, user or password', 'use the same for all');
    }
  }
  checkTls(where, first?.tls === true, options);
  const nodes = parts.map(({ host, port }) => ({ host, port }));
  const access = {
    ...(first?.username && { username: first.username }),
    ...(first?.password && { password: first.password }),
    ...(first?.tls && { tls: options.tls ?? {} }),
  };
  return { nodes, access };
}

function checkTls(where: string, tls: boolean, options: ConnectRedisOptions): void {
  if (options.tls !== undefined && !tls) {
    throw new ConfigError(`${where}.tls`, 'is given for a connection without TLS', 'use rediss://');
  }
}

function partsOf(where: string, url: unknown) {
  const parsed = typeof url === 'string' && URL.canParse(url) ? new URL(url) : undefined;
  const { protocol, hostname } = parsed ?? {};
  if (!parsed || (protocol !== 'redis:' && protocol !== 'rediss:') || !hostname) {
    throw new ConfigError(where, 'is not a URL of Redis', 'use redis://host:port or rediss://host:port');
  }
  return {
    tls: protocol === 'rediss:',
    host: hostname.replace(/^\[|\]$/g, ''), // IPv6
    port: Number(parsed.port) || 6_379,
    username: decode(where, parsed.username),
    password: decode(where, parsed.password),
  };
}

function decode(where: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ConfigError(
      where,
      'has a user or password that is not encoded',
      'use encodeURIComponent for them',
    );
  }
}
