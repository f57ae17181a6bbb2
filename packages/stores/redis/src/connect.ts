import { ConfigError, checkOptions, type Duration, toMilliseconds } from '@secapi/kernel';
import { Redis } from 'ioredis';

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
}

/**
 * An ioredis client that never holds a request back: calls fail at once while there is no connection (no offline queue), nothing is sent
 * twice, a connection that stopped answering is replaced within seconds, and a lost one is tried again twice a second.
 *
 * It connects on its own; `pingRedis` waits until it has. Call its `quit()` or `disconnect()` at the end.
 *
 * @param url `redis://` or, over TLS, `rediss://`, with user, password and database if need be
 * @throws ConfigError when the URL is not one of Redis; it doesn't repeat the URL, which may hold a password
 */
export function connectRedis(url: string, options: ConnectRedisOptions = {}): Redis {
  checkOptions('connectRedis', options, ['commandTimeout', 'onError']);
  const commandTimeout = toMilliseconds('connectRedis.commandTimeout', options.commandTimeout ?? '1s', {
    max: 60,
  });
  if (!isRedisUrl(url)) {
    throw new ConfigError(
      'connectRedis.url',
      'is not a URL of Redis',
      'use redis://host:port or rediss://host:port',
    );
  }
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0, // a lost connection fails what was under way at once; with 1, ioredis forgets it without an answer
    commandTimeout,
    connectTimeout: 2_000,
    socketTimeout: commandTimeout * 3,
    retryStrategy: (times) => Math.min(times * 100, 500),
  });
  redis.on('error', (error: Error) => options.onError?.(error)); // without a listener ioredis writes to the console
  return redis;
}

function isRedisUrl(url: unknown): boolean {
  if (typeof url !== 'string' || !URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return (protocol === 'redis:' || protocol === 'rediss:') && hostname !== '';
}
