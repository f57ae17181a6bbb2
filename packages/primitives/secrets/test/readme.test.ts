import { expect, it } from 'vitest';
import {
  integer,
  jwks,
  namedKeys,
  optional,
  readEnvironment,
  secret,
  serviceUrl,
  watchSecrets,
  withDefault,
} from '../src/index.js';

const key = '{"kty":"OKP","crv":"Ed25519","d":"of-a-test","x":"of-a-test"}';

it("the README's example holds", () => {
  const read = (env: Record<string, string>) =>
    readEnvironment(
      {
        PORT: withDefault(integer({ min: 1, max: 65_535 }), 3000),
        SIGNING_KEYS: jwks(),
        PASSWORD_PEPPER: namedKeys(),
        DATABASE_URL: optional(serviceUrl({ protocols: ['postgres:', 'postgresql:'] })),
      },
      { env },
    );
  expect(() => read({ PORT: '0', PASSWORD_PEPPER: 'p1:changeme' })).toThrow(
    /PORT must be[\s\S]*SIGNING_KEYS is missing[\s\S]*PASSWORD_PEPPER has a key/,
  );
  expect(`${secret('hunter2')}`).toBe('[secret]');
});

it("the README's rotation holds", () => {
  let text = key;
  const changes: string[] = [];
  const secrets = watchSecrets(
    { SIGNING_KEYS: jwks() },
    { env: { SIGNING_KEYS_FILE: 'keys' }, readFile: () => text },
  );
  secrets.subscribe(({ changed }) => void changes.push(...changed));
  text = key.replace('OKP', 'EC');
  expect(secrets.reload()).toEqual({ ok: true, changed: ['SIGNING_KEYS'] });
  text = 'no longer JSON';
  expect(secrets.reload().ok).toBe(false);
  expect([changes, secrets.current().SIGNING_KEYS.reveal()[0]?.kty]).toEqual([['SIGNING_KEYS'], 'EC']);
});
