import { answer, route } from '@secapi/core';
import { securityTxt } from '@secapi/http';
import { jwksResponse, type KeyRing } from '@secapi/tokens';
import { type AppRoute, define } from './app-route.js';

/** A part that the API needs, by name: it answers in time or it is down. */
export type HealthCheck = readonly [name: string, ping: () => Promise<boolean>];

const open = route({ access: 'public' });

/** What machines ask: is it well, which keys does it sign with, whom to tell of a hole. */
export function systemRoutes(options: {
  readonly keys: KeyRing;
  readonly checks: readonly HealthCheck[];
  readonly publicUrl: string;
  readonly production: boolean;
  readonly startedAt: number;
}): AppRoute[] {
  const expires = new Date(options.startedAt + 180 * 86_400_000);
  const contact = securityTxt({
    contact: ['mailto:security@localhost.example'],
    expires,
    ...(options.publicUrl.startsWith('https:')
      ? { canonical: [`${options.publicUrl}/.well-known/security.txt`] }
      : {}),
    now: () => options.startedAt,
  });
  const routes = [
    define('GET', '/healthz', open, async () => {
      const results = await Promise.all(
        options.checks.map(async ([name, ping]) => ({ name, ok: await ping() })),
      );
      const down = results.filter((result) => !result.ok).map((result) => result.name);
      return down.length === 0 ? { status: 'ok' } : answer(503, { status: 'down', down });
    }),
    define('GET', '/.well-known/jwks.json', open, () => {
      const { body, headers } = jwksResponse(options.keys);
      return answer(200, body, headers);
    }),
    define('GET', '/.well-known/security.txt', open, () =>
      answer(200, contact, [
        ['content-type', 'text/plain; charset=utf-8'],
        ['cache-control', 'public, max-age=86400'],
      ]),
    ),
  ];
  if (!options.production) routes.push(define('GET', '/api/debug/fail', open, failWithSecrets));
  return routes;
}

/** Throws what nobody should ever log in clear, to show that it is masked in the log and absent from the answer. */
function failWithSecrets(): never {
  throw new Error(
    'could not sync the account: password=correct-horse-battery-staple, Authorization: Bearer eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ1c2VyLTEifQ.c2lnbmF0dXJl, ' +
      'database postgres://app:hunter2-hunter2@db.internal:5432/app refused the connection',
  );
}
