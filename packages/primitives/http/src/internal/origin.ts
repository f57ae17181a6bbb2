import { ConfigError } from '@secapi/kernel';

/**
 * One origin of a configuration, which must be spelled exactly as a browser sends it (RFC 6454 §6.2).
 *
 * Origins are compared as texts, so that a spelling which no browser sends would silently never match.
 *
 * @throws ConfigError saying what to write instead
 */
export function checkOrigin(option: string, origin: unknown): string {
  if (typeof origin !== 'string' || origin === '' || origin.length > 300) {
    throw new ConfigError(option, 'is not an origin', "write scheme and host, like 'https://app.example'");
  }
  if (origin === 'null') {
    throw new ConfigError(
      option,
      "is 'null', which any sandboxed frame and any local file sends",
      'leave it out',
    );
  }
  if (origin.includes('*')) {
    throw new ConfigError(option, 'is a wildcard', "list each origin exactly, like 'https://app.example'");
  }
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  // The origin of a scheme that URL doesn't know is 'null'; browsers send those of apps as scheme and host.
  const canonical =
    url && url.origin !== 'null'
      ? url.origin
      : /^[a-z][a-z0-9+-]*:\/\/[a-z0-9.-]+(?::\d{1,5})?$/.exec(origin)?.[0];
  if (canonical === undefined || url === undefined || url.username !== '' || url.password !== '') {
    throw new ConfigError(option, 'is not an origin', "write scheme and host, like 'https://app.example'");
  }
  if (canonical !== origin) {
    throw new ConfigError(
      option,
      'is not spelled as browsers send it (no path, slash, upper case or default port)',
      `write '${canonical}'`,
    );
  }
  return origin;
}

/** A list of origins, each checked by {@link checkOrigin}. */
export function checkOrigins(option: string, origins: unknown): readonly string[] {
  if (origins === '*') {
    throw new ConfigError(option, 'is a wildcard', "list each origin exactly, like ['https://app.example']");
  }
  if (!Array.isArray(origins)) {
    throw new ConfigError(option, 'is not a list', "list each origin, like ['https://app.example']");
  }
  return origins.map((origin, i) => checkOrigin(`${option}[${i}]`, origin));
}
