/** How the private server is run. */
export interface PostgresOptions {
  /** Whether commits reach the disk (`fsync`): only a test of crashes of the machine itself needs it. @default false */
  readonly durable?: boolean;
  /** More server settings, for example `{ max_connections: 20 }`. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

/** A private PostgreSQL server with an empty database. */
export interface PostgresServer {
  /** `postgres://user:password@127.0.0.1:port/postgres` */
  readonly url: string;
  readonly port: number;
  readonly skipped?: undefined;
  /** Ends the server and deletes its data. */
  stop(): Promise<void>;
  /** Kills the server and its backends at once, as a crash would; the data stays. */
  kill9(): Promise<void>;
  /** Starts it again on the same port with the same data (ends it first when it still runs). */
  restart(): Promise<void>;
}

/** Starts a private server, or says why it can't; with `CI` set it throws instead. */
export function startPostgres(
  options?: PostgresOptions,
): Promise<PostgresServer | { readonly skipped: string }>;
