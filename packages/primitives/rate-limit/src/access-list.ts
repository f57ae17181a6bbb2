import { ConfigError, checkOptions } from '@secapi/kernel';

/** Options of {@link createAccessList}. */
export interface AccessListOptions<Subject> {
  /** Who is let through uncounted, such as a monitor of one's own. @default nobody */
  readonly allow?: (subject: Subject) => boolean;
  /** Who is refused whatever it asks. @default nobody */
  readonly deny?: (subject: Subject) => boolean;
}

/**
 * Makes the decision that comes before any limit: `'deny'`, `'allow'` or, for everybody else, `'limit'`. Who is on both lists is denied.
 *
 * The subject is whatever the lists look at: a parsed address, an account. Compare parsed addresses, never texts: `::ffff:203.0.113.7` is
 * `203.0.113.7`.
 *
 * @throws ConfigError when an option is unknown or not a function
 */
export function createAccessList<Subject>(
  options: AccessListOptions<Subject>,
): (subject: Subject) => 'allow' | 'deny' | 'limit' {
  checkOptions('createAccessList', options, ['allow', 'deny']);
  const { allow, deny } = options;
  for (const [name, list] of Object.entries({ allow, deny })) {
    if (list !== undefined && typeof list !== 'function') {
      throw new ConfigError(
        `createAccessList.${name}`,
        'is not a function',
        'pass one that says yes or no to a subject',
      );
    }
  }
  return function judge(subject) {
    // Only a plain no passes the one and only a plain yes the other: a promise, or no answer, opens nothing.
    if (deny && deny(subject) !== false) return 'deny';
    return allow?.(subject) === true ? 'allow' : 'limit';
  };
}
