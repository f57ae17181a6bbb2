import { type Clock, ConfigError, checkOptions, systemClock } from '@secapi/kernel';

/** The fields of a security.txt (RFC 9116 §2.5). */
export interface SecurityTxtOptions {
  /** Where to report, best first: `mailto:`, `tel:` or `https:` URIs. */
  readonly contact: readonly string[];
  /** When it must no longer be believed; RFC 9116 advises less than a year. */
  readonly expires: Date;
  readonly acknowledgments?: readonly string[];
  /** Where this very file is published. */
  readonly canonical?: readonly string[];
  readonly encryption?: readonly string[];
  readonly hiring?: readonly string[];
  readonly policy?: readonly string[];
  /** Language tags, such as `en`. */
  readonly preferredLanguages?: readonly string[];
  readonly now?: Clock;
}

const uriFields = [
  ['acknowledgments', 'Acknowledgments'],
  ['canonical', 'Canonical'],
  ['encryption', 'Encryption'],
  ['hiring', 'Hiring'],
  ['policy', 'Policy'],
] as const;

/**
 * The text for `/.well-known/security.txt` (RFC 9116), served as `text/plain; charset=utf-8`.
 *
 * @throws ConfigError when it has expired, when nobody can be reached, or when a value is not a URI that the RFC allows
 */
export function securityTxt(options: SecurityTxtOptions): string {
  const { contact, expires, preferredLanguages = [], now = systemClock } = options;
  const names = uriFields.map(([name]) => name);
  checkOptions('securityTxt', options, ['contact', 'expires', 'preferredLanguages', 'now', ...names]);
  if (!Array.isArray(contact) || contact.length === 0) {
    throw new ConfigError(
      'securityTxt.contact',
      'is missing',
      "write contact: ['mailto:security@example.com']",
    );
  }
  if (!(expires instanceof Date) || !Number.isFinite(expires.getTime())) {
    throw new ConfigError('securityTxt.expires', 'is not a date', 'write a Date within the coming year');
  }
  if (expires.getTime() <= now()) {
    throw new ConfigError('securityTxt.expires', 'has passed', 'check the contacts and write a new date');
  }
  const lines = contact.map((uri, i) => `Contact: ${checkUri(`securityTxt.contact[${i}]`, uri)}`);
  lines.push(`Expires: ${expires.toISOString()}`);
  for (const [name, field] of uriFields) {
    for (const [i, uri] of (options[name] ?? []).entries()) {
      lines.push(`${field}: ${checkUri(`securityTxt.${name}[${i}]`, uri)}`);
    }
  }
  for (const [i, tag] of preferredLanguages.entries()) {
    if (!/^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8}){0,4}$/.test(tag)) {
      throw new ConfigError(
        `securityTxt.preferredLanguages[${i}]`,
        'is not a language tag',
        "write 'en' or 'de-CH'",
      );
    }
  }
  if (preferredLanguages.length > 0) lines.push(`Preferred-Languages: ${preferredLanguages.join(', ')}`);
  return `${lines.join('\n')}\n`;
}

function checkUri(option: string, uri: unknown): string {
  const shaped =
    typeof uri === 'string' &&
    uri.length <= 2_000 &&
    /^(?:https:\/\/|mailto:|tel:|openpgp4fpr:|dns:)[!-~]+$/.test(uri);
  if (!shaped) {
    throw new ConfigError(option, 'is not a URI', "write 'https://…', 'mailto:…' or 'tel:…' without spaces");
  }
  return uri;
}
