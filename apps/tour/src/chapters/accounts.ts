import { cookieOf, type Received, textOf } from '../client.js';
import { type Guide, Interrupted } from '../guide.js';
import type { Outbox } from '../outbox.js';
import { json, type People, type Person, stranger } from '../people.js';

const register = '/api/auth/register';

/** Two people get accounts and sign in; beside them come bodies that no account should be made from. */
export async function accounts(guide: Guide, outbox: Outbox, folder: string): Promise<People> {
  guide.chapter('Getting an account');
  const ann = stranger('Ann');
  const { email, password, name } = ann;
  await guide.honest('Ann registers', json('POST', register, { email, password, name }), { status: 202 });
  const asked = { email: stranger('Eve').email, password, name: 'Eve' };
  await guide.attack(
    'a role in the body: "role": "admin"',
    json('POST', register, { ...asked, role: 'admin' }),
    {
      status: 422,
      code: 'VALIDATION_FAILED',
      guard: 'body schema: unknown key',
    },
  );
  await guide.attack(
    'a prototype in the body: "__proto__"',
    {
      ...json('POST', register, {}),
      body: `{"__proto__":{"role":"admin"},${JSON.stringify(asked).slice(1)}`,
    },
    { status: 400, code: 'JSON_INVALID', guard: 'JSON reader: bad key' },
  );
  await guide.attack(
    'JSON sent as text/plain, as a form can',
    { ...json('POST', register, asked), headers: { 'content-type': 'text/plain' } },
    { status: 415, code: 'MEDIA_TYPE_UNSUPPORTED', guard: 'media type' },
  );
  await guide.attack('a body of 200 kB', json('POST', register, { ...asked, name: 'e'.repeat(200_000) }), {
    status: 413,
    code: 'BODY_TOO_LARGE',
    guard: 'body limit: 100 kB',
  });
  await confirm(guide, outbox, folder, ann);

  const bob = stranger('Bob');
  await guide.honest(
    'Bob registers',
    json('POST', register, { email: bob.email, password: bob.password, name: bob.name }),
    { status: 202 },
  );
  await confirm(guide, outbox, folder, bob);
  return { ann, bob };
}

async function confirm(guide: Guide, outbox: Outbox, folder: string, person: Person): Promise<void> {
  const { name, email, password } = person;
  const token = await outbox.tokenFor(email);
  if (token === undefined) {
    throw new Interrupted(
      `No mail to ${email} has come to ${folder}. If the API runs in another folder or with MAIL_OUTBOX,\n` +
        'say where its mails go:  npm run tour -- --outbox <folder>',
    );
  }
  await guide.honest(
    `${name} opens the mail and confirms`,
    json('POST', '/api/auth/verify-email', { token }),
    {
      status: 204,
      shows: `a mail in ${folder}`,
    },
  );
  const received = await guide.honest(
    `${name} signs in`,
    json('POST', '/api/auth/login', { email, password }),
    {
      status: 200,
      also: (answer) =>
        keep(person, answer) ? undefined : 'there was no access token or no refresh cookie in it',
      shows: 'a token and a cookie',
    },
  );
  keep(person, received);
}

/** Keeps what an answer signs somebody in with; whether it does. */
export function keep(person: Person, received: Received): boolean {
  const accessToken = textOf(received.json, 'accessToken');
  const refreshToken = cookieOf(received, '__Host-refresh');
  if (!accessToken || !refreshToken) return false;
  Object.assign(person, { accessToken, refreshToken });
  return true;
}
