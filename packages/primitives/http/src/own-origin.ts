/** What tells a request's own origin; a client as it is resolved fits. */
export interface OwnFacts {
  /** The canonical host: that of the client, behind trusted proxies. */
  readonly host?: string | undefined;
  /** The port that a trusted proxy named apart from the host. */
  readonly port?: number | undefined;
  /** Whether the client's connection is encrypted. */
  readonly secure: boolean;
}

/**
 * Whether an origin is the request's own, so that the page that sent it came from the same server.
 *
 * A page that came over plain HTTP is another origin to a request over HTTPS.
 */
export function isOwnOrigin(origin: string, { host, port, secure }: OwnFacts): boolean {
  if (host === undefined || host === '') return false;
  const named = host.toLowerCase();
  const own = port === undefined || /:\d+$/.test(named) ? named : `${named}:${port}`;
  if (origin.startsWith('https://')) return origin.slice(8) === withoutPort(own, ':443');
  // Behind a proxy that nobody declared as trusted, an https page's request looks insecure; never the other way round.
  return !secure && origin.startsWith('http://') && origin.slice(7) === withoutPort(own, ':80');
}

function withoutPort(host: string, port: string): string {
  return host.endsWith(port) ? host.slice(0, -port.length) : host;
}
