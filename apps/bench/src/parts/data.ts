import { createRedactor } from '@secapi/redaction';
import type { Part } from './part.js';
import { policyParts } from './policy.js';

/** Policy and redaction. */
export function dataParts(): Part[] {
  return [...policyParts(), ...redactionParts()];
}

function redactionParts(): Part[] {
  const redactor = createRedactor();
  const entry = {
    at: '2026-01-31T12:00:00.000Z',
    level: 'warn',
    message: 'access to the post was refused by the policy',
    event: 'authz_fail',
    outcome: 'denied',
    requestId: '0190a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b',
    request: {
      method: 'POST',
      path: '/api/posts',
      headers: {
        authorization: 'Bearer abc',
        'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)',
        accept: '*/*',
      },
    },
    user: { id: 'member-0', email: 'somebody@example.org', password: 'correct horse', tags: ['a', 'b', 'c'] },
    timings: Array.from({ length: 10 }, (_, i) => ({ step: `step-${i}`, ms: i * 1.5 })),
    address: '203.0.113.7',
    took: 12.25,
    decision: { permission: 'post:delete', reason: 'no_grant' },
  };
  const large = { entries: Array.from({ length: 124 }, () => structuredClone(entry)) };
  return [entry, large].map((value) => ({
    title: `redact and write a log object of ${JSON.stringify(value).length.toLocaleString('en')} characters`,
    contenders: [
      { name: 'JSON.stringify, nothing masked', run: () => JSON.stringify(value) },
      { name: 'secapi, any depth', run: () => redactor.stringify(value) },
      // What JavaScript joins from parts is made one piece when it is first read; whoever writes it pays for that as well.
      { name: 'secapi, and read', run: () => redactor.stringify(value).charCodeAt(400) },
    ],
  }));
}
