import { expect, it } from 'vitest';
import { jwks, namedKeys, optional, readSecrets, secret, serviceUrl } from '../src/index.js';

it("the README's example holds", () => {
  const read = (env: Record<string, string>) =>
    readSecrets(
      {
        SIGNING_KEYS: jwks(),
        PASSWORD_PEPPER: namedKeys(),
        DATABASE_URL: optional(serviceUrl({ protocols: ['postgres:', 'postgresql:'] })),
      },
      { env },
    );
  expect(() => read({ PASSWORD_PEPPER: 'p1:changeme' })).toThrow(
    /SIGNING_KEYS is missing[\s\S]*PASSWORD_PEPPER has a key/,
  );
  expect(`${secret('hunter2')}`).toBe('[secret]');
});
