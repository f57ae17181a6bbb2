import { createSecurityHeaders } from '@secapi/http';
import type { CatalogueCode } from './catalogue.js';
import { createProblems } from './problem.js';
import type { Reply } from './reply.js';

const problems = createProblems('problem');
const { always } = createSecurityHeaders();

/**
 * The whole answer, security headers included, to what was refused before there was a request that a shield could see,
 * such as one that a server's parser could not read.
 */
export function bareRefusal(code: CatalogueCode): Reply {
  const requestId = crypto.randomUUID();
  const { status, headers, body } = problems.ofCode(code, requestId, [], undefined);
  return {
    status,
    headers: [...always, ['x-request-id', requestId], ...headers],
    ...(body === undefined ? {} : { body }),
  };
}
