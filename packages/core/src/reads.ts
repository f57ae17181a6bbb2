import { ConfigError, SecapiError } from '@secapi/kernel';
import type { Policy } from '@secapi/policy';
import type { Permission } from './route.js';

/**
 * Where resources of the policy stand in an answer: the name of one, when the answer is one or a list of them, or the members that hold some,
 * `{ items: 'post' }`.
 */
export type Reads = string | { readonly [member: string]: Reads };

type Views = Pick<Policy<Permission>, 'readable'>;

/** @throws ConfigError when `reads` names what is no resource with readable fields */
export function checkReads(reads: Reads | undefined, policy: Views | undefined): void {
  if (reads === undefined) return;
  if (typeof reads === 'string') {
    if (policy?.readable.has(reads)) return;
    throw new ConfigError(
      'route.reads',
      `names '${reads}', of which the policy does not say what may be read`,
      `give createPolicy readable: { ${reads}: { id: true } }`,
    );
  }
  if (typeof reads !== 'object' || reads === null || Array.isArray(reads) || Object.keys(reads).length === 0)
    throw new ConfigError('route.reads', 'is no place', "write 'post', or { items: 'post' }");
  for (const inner of Object.values(reads)) checkReads(inner, policy);
}

/**
 * An answer in which resources are views of them: what this principal may not read is left out.
 *
 * @throws SecapiError `ANSWER_MISMATCH` when there is something else than a resource in its place
 */
export function readableOf(
  value: unknown,
  reads: Reads,
  view: (resource: string, record: object) => unknown,
): unknown {
  if (value === undefined || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => readableOf(item, reads, view));
  if (typeof value !== 'object')
    throw new SecapiError(
      'ANSWER_MISMATCH',
      'the answer holds no object where reads says that a resource is',
    );
  if (typeof reads === 'string') return view(reads, value);
  const shown: Record<string, unknown> = { ...value };
  for (const [member, inner] of Object.entries(reads)) {
    if (Object.hasOwn(shown, member)) shown[member] = readableOf(shown[member], inner, view);
  }
  return shown;
}
