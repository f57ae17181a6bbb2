import type { Guide } from '../guide.js';
import { bearing, type People } from '../people.js';

const secrets = /password|bearer|postgres|hunter|eyJ|staple|\bat \S+ \(|\.js:\d/i;

/** What happens when whoever wrote the API forgot something. */
export async function slips(guide: Guide, { ann }: People): Promise<void> {
  guide.chapter('When a developer slips');
  await guide.attack(
    'a route that declares no access',
    bearing(ann.accessToken, { method: 'GET', path: '/api/undeclared' }),
    { status: 403, code: 'ACCESS_UNDECLARED', guard: 'access: none declared' },
  );
  await guide.attack(
    'an error with secrets in its message',
    { method: 'GET', path: '/api/debug/fail' },
    {
      status: 500,
      code: 'INTERNAL_ERROR',
      also: ({ text }) => {
        const found = secrets.exec(text);
        return found ? `the answer tells '${found[0]}'` : undefined;
      },
      guard: 'problem: tells nothing',
    },
  );
}
