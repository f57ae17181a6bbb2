import type { ConstraintAnswer } from '@secapi/core';

/** What violated constraints of the tables are answered with, where two requests can come to it that are each right by themselves. */
export const constraints: Readonly<Record<string, ConstraintAnswer>> = {
  // The account was deleted while its post was on the way.
  post_author_id_fkey: { code: 'ACCOUNT_GONE', detail: 'The account is no longer there.' },
};
