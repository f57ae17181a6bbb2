import type { Certificates } from './certificates.mjs';

/** What runs, and how it is reached. */
export interface RedisAccess {
  /** @default 'redis' */
  readonly flavour?: 'redis' | 'valkey';
  /** Makes the server ask for it; letters and digits. @default none */
  readonly password?: string;
  /** Over TLS alone, with these certificates or new ones. @default plain TCP */
  readonly tls?: boolean | Certificates;
}

/** How the private server is run. */
export interface RedisOptions extends RedisAccess {
  /** Whether every write reaches an append-only file, so that a restart finds it again. @default false */
  readonly appendOnly?: boolean;
  /** More settings of `redis.conf`, for example `{ maxmemory: '1mb' }`. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

/** A private, empty Redis server. */
export interface RedisServer {
  /** `redis://127.0.0.1:port`; over TLS `rediss://…`, and with the password that it asks for. */
  readonly url: string;
  readonly port: number;
  /** Where it keeps its files: `dump.rdb` after a SAVE, `appendonlydir`, `log`. */
  readonly folder: string;
  /** Its certificates, over TLS. */
  readonly tls?: Certificates;
  readonly skipped?: undefined;
  /** Ends the server and deletes its data. */
  stop(): Promise<void>;
  /** Kills it at once, as a crash would. */
  kill9(): Promise<void>;
  /** Starts it again on the same port (ends it first when it still runs); empty unless `appendOnly`. */
  restart(): Promise<void>;
  /** Freezes it: connections stay open and nothing answers. */
  pause(): void;
  /** Ends the freeze. */
  resume(): void;
}

/** A private, empty Redis Cluster. */
export interface RedisCluster {
  /** Its masters; together they have all slots. */
  readonly nodes: readonly RedisServer[];
  /** Their certificates, over TLS. */
  readonly tls?: Certificates;
  readonly skipped?: undefined;
  /** Ends the servers and deletes their data. */
  stop(): Promise<void>;
}

/** A private master with a replica, and three sentinels that make the replica the master when the master is silent for a second. */
export interface RedisSentinel {
  /** The name that the sentinels know the master by. */
  readonly name: string;
  /** The master at first. */
  readonly master: RedisServer;
  readonly replica: RedisServer;
  readonly sentinels: readonly { readonly url: string; readonly port: number; stop(): Promise<void> }[];
  /** The certificates of all of them, over TLS. */
  readonly tls?: Certificates;
  readonly skipped?: undefined;
  /** Ends all of them and deletes their data. */
  stop(): Promise<void>;
}

/** Starts a private server, or says why it can't; with `CI` set it throws instead. */
export function startRedis(options?: RedisOptions): Promise<RedisServer | { readonly skipped: string }>;

/** How the private cluster is run. */
export interface RedisClusterOptions extends RedisAccess {
  /** @default 3 */
  readonly masters?: number;
  /** More settings of each node. */
  readonly settings?: RedisOptions['settings'];
}

/** Starts a private cluster, or says why it can't; with `CI` set it throws instead. */
export function startRedisCluster(
  options?: RedisClusterOptions,
): Promise<RedisCluster | { readonly skipped: string }>;

/** How the private master, its replica and its sentinels are run. */
export interface RedisSentinelOptions extends RedisAccess {
  /** @default 'primary' */
  readonly name?: string;
  /** What the sentinels ask for; letters and digits. @default none */
  readonly sentinelPassword?: string;
}

/** Starts a private master, its replica and its sentinels, or says why it can't; with `CI` set it throws instead. */
export function startRedisSentinel(
  options?: RedisSentinelOptions,
): Promise<RedisSentinel | { readonly skipped: string }>;
