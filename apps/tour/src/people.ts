import { randomBytes } from 'node:crypto';
import type { Sent } from './client.js';

/** Somebody with an account, signed in. */
export interface Person {
  readonly name: string;
  readonly email: string;
  readonly password: string;
  accessToken: string;
  refreshToken: string;
}

/** The two that the tour follows. */
export interface People {
  readonly ann: Person;
  readonly bob: Person;
}

/** Somebody new: an address and a passphrase that nobody had before. */
export function stranger(name: string): Person {
  const mark = randomBytes(6).toString('hex');
  return {
    name,
    email: `${name.toLowerCase()}-${mark}@tour.example`,
    password: `a walk through the house, ${randomBytes(9).toString('base64url')}`,
    accessToken: '',
    refreshToken: '',
  };
}

/** A request with a JSON body. */
export function json(method: 'POST' | 'PATCH', path: string, body: unknown): Sent {
  return { method, path, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** The same request with an access token. */
export function bearing(accessToken: string, request: Sent): Sent {
  return { ...request, headers: { ...request.headers, authorization: `Bearer ${accessToken}` } };
}
