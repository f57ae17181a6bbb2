/** A private, empty MariaDB server. */
export interface MariadbServer {
  /** The path of its socket; user `root`, without a password. */
  readonly socket: string;
  readonly skipped?: undefined;
  /** Ends the server and deletes its data. */
  stop(): Promise<void>;
}

/** Starts a private server, or says why it can't; with `CI` set it throws instead. */
export function startMariadb(options?: {
  /** More settings, for example `{ 'sql-mode': 'NO_BACKSLASH_ESCAPES' }`. */
  readonly settings?: Readonly<Record<string, string | number>>;
}): Promise<MariadbServer | { readonly skipped: string }>;
