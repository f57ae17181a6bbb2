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
 * Has a client ask the sentinels again as soon as one of them tells of a new master, even if the old one still answers.
 *
 * ioredis's own detector does it for failovers of other masters too, and writes the loss of a sentinel to the console.
 */
export function followFailovers(
  redis: Redis,
  name: string,
  sentinels: readonly SentinelNode[],
  onError: ((error: Error) => void) | undefined,
): void {
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
      if (message.startsWith(`${name} `)) redis.disconnect(true);
    });
    return listener;
  });
  redis.once('end', () => {
    for (const listener of listeners) listener.disconnect();
  });
}
