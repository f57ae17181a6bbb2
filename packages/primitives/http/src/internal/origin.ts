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
  const canonical = canonicalOrigin(origin);
  if (canonical === undefined) {
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

/** The origin of a text as a browser spells it, or `undefined` when it has none. */
function canonicalOrigin(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.username !== '' || url.password !== '') return undefined;
  // The origin of a scheme that URL doesn't know is 'null'; browsers send those of apps as scheme and host.
  return url.origin !== 'null'
    ? url.origin
    : /^[a-z][a-z0-9+-]*:\/\/[a-z0-9.-]+(?::\d{1,5})?$/.exec(text)?.[0];
}

/** Whether a text is an origin spelled as a browser sends it; `null` is none. */
export function isOrigin(text: string): boolean {
  return text.length <= 300 && /^[a-z][a-z0-9+.-]*:\/\/[!-~]+$/.test(text) && canonicalOrigin(text) === text;
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
