import { randomBytes } from 'node:crypto';
import type { Api } from './api.js';
import { expectStatus } from './claims.js';
import type { Received, Sent } from './client.js';

/** What somebody registers with. */
export interface Person {
  readonly email: string;
  readonly password: string;
  readonly name: string;
}

/** Somebody who is signed in. */
export interface User extends Person {
  readonly id: string;
  readonly accessToken: string;
  readonly refresh: string;
  readonly device: string;
  /** Sends with this user's access token. */
  send(method: string, path: string, sent?: Sent): Promise<Received>;
}

/** The administrator whom every API of the tests makes at its start. */
export const administrator: Person = {
  email: 'chief@example.org',
  password: 'a granite kettle under seven umbrellas',
  name: 'Administrator',
};

/** The environment that makes {@link administrator}. */
export const withAdministrator = {
  ADMIN_EMAIL: administrator.email,
  ADMIN_PASSWORD: administrator.password,
};

let people = 0;

/** Somebody whom no API knows yet, with a password of their own. */
export function newPerson(): Person {
  people++;
  const unique = randomBytes(4).toString('hex');
  return {
    email: `reader-${people}-${unique}@example.org`,
    password: `walnut drizzle harbour ${unique}`,
    name: `Reader ${people}`,
  };
}

/** Registers somebody and gives the token out of the mail. */
export async function register(api: Api, person: Person): Promise<string> {
  const { email, password, name } = person;
  expectStatus(await api.send('POST', '/api/auth/register', { json: { email, password, name } }), 202);
  return (await api.mail(email)).token ?? '';
}

/** Registers somebody and verifies the address. */
export async function join(api: Api, person: Person = newPerson()): Promise<Person> {
  const token = await register(api, person);
  expectStatus(await api.send('POST', '/api/auth/verify-email', { json: { token } }), 204);
  return person;
}

/** Sends a login. */
export function login(api: Api, who: Pick<Person, 'email' | 'password'>, sent: Sent = {}): Promise<Received> {
  return api.send('POST', '/api/auth/login', { json: { email: who.email, password: who.password }, ...sent });
}

/** Signs somebody in who has an account. */
export async function signIn(api: Api, person: Person, sent: Sent = {}): Promise<User> {
  const answer = await login(api, person, sent);
  expectStatus(answer, 200);
  const { accessToken } = answer.json<{ accessToken: string }>();
  const send: User['send'] = (method, path, more) => api.send(method, path, { token: accessToken, ...more });
  const { id } = (await send('GET', '/api/me')).json<{ id: string }>();
  return {
    ...person,
    id,
    accessToken,
    refresh: answer.cookie('__Host-refresh') ?? '',
    device: answer.cookie('__Host-device') ?? '',
    send,
  };
}

/** Somebody new who is signed in. */
export async function newUser(api: Api): Promise<User> {
  return signIn(api, await join(api));
}

/** Sends a refresh with a token in its cookie. */
export function refresh(api: Api, token: string, sent: Sent = {}): Promise<Received> {
  return api.send('POST', '/api/auth/refresh', { cookies: { '__Host-refresh': token }, ...sent });
}

/** Adds a post and gives its id. */
export async function addPost(user: User, title = 'A title', html = '<p>text</p>'): Promise<string> {
  const answer = await user.send('POST', '/api/posts', { json: { title, html } });
  expectStatus(answer, 201);
  return answer.json<{ id: string }>().id;
}
