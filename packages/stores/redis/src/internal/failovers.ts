import type { ConnectionOptions } from 'node:tls';
import { Redis } from 'ioredis';

/** How a sentinel is reached. */
export interface SentinelNode {
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
  readonly tls?: ConnectionOptions;
}

/**
 * Has a client leave its master as soon as a sentinel tells of a new one: the old one is demoted only seconds later, and what it is told until then is lost.
 *
 * ioredis's own detector ends a client for good when it hears of the new master while it looks for it, and writes the loss of a sentinel to the console.
 */
export function followFailovers(
  redis: Redis,
  name: string,
  sentinels: readonly SentinelNode[],
  onError: ((error: Error) => void) | undefined,
): void {
  let told: { readonly host: string | undefined; readonly port: number } | undefined;

  /** Only what is connected may be disconnected; once for each time that it is told, in case it names the new one otherwise. */
  function leave(): void {
    if (!told || redis.status !== 'ready') return;
    const { host, port } = told;
    told = undefined;
    const { remoteAddress, remotePort } = redis.stream;
    if (remoteAddress !== host || remotePort !== port) redis.disconnect(true);
  }

  redis.on('ready', leave);
  const listeners = sentinels.map((sentinel) => {
    const listener = new Redis({
      ...sentinel,
      enableOfflineQueue: false,
      enableReadyCheck: false,
      autoResubscribe: false,
      connectTimeout: 2_000,
      retryStrategy: (times) => Math.min(times * 100, 500),
    });
    listener.on('error', (error: Error) => onError?.(error));
    listener.on('ready', () => {
      listener.subscribe('+switch-master').catch((error: Error) => onError?.(error));
    });
    listener.on('message', (_channel: string, message: string) => {
      const [of, , , host, port] = message.split(' '); // its name, the old address, the new one
      if (of !== name) return;
      told = { host, port: Number(port) };
      leave();
    });
    return listener;
  });

  function close(): void {
    for (const listener of listeners) listener.disconnect();
  }
  redis.once('end', close);
  // Between two attempts to connect, ioredis tells nobody that it was disconnected.
  const disconnect = redis.disconnect.bind(redis);
  redis.disconnect = (reconnect = false) => {
    if (!reconnect) close();
    disconnect(reconnect);
  };
}
