import { afterAll, beforeAll, describe } from 'vitest';
import { type Api, type Environment, startApi } from '../support/api.js';
import { administrator, newUser, signIn, withAdministrator } from '../support/journey.js';
import { signingKey } from '../support/signing-key.js';
import { accountClaims } from './accounts.js';
import { administrationClaims } from './administration.js';
import { browserClaims } from './browsers.js';
import { enumerationClaims } from './enumeration.js';
import { inputClaims } from './input.js';
import { keyClaims } from './keys.js';
import { limitClaims } from './limits.js';
import { lockoutClaims } from './lockout.js';
import { loginLimitClaims } from './login-limit.js';
import { pictureClaims } from './pictures.js';
import { postClaims } from './posts.js';
import { refusalClaims } from './refusals.js';
import { sessionClaims } from './sessions.js';
import { systemClaims } from './system.js';
import { tokenClaims } from './tokens.js';
import { trailClaims } from './trail.js';
import type { GetWorld, World } from './world.js';

/** The claims about what Redis keeps: limits, lockouts, revocations, the budget of mails. */
export const claimsAboutState: readonly ((world: GetWorld) => void)[] = [
  enumerationClaims,
  sessionClaims,
  lockoutClaims,
  loginLimitClaims,
  limitClaims,
];

/** The whole contract. */
const allClaims: readonly ((world: GetWorld) => void)[] = [
  systemClaims,
  browserClaims,
  accountClaims,
  tokenClaims,
  ...claimsAboutState,
  postClaims,
  pictureClaims,
  inputClaims,
  refusalClaims,
  administrationClaims,
  keyClaims,
  trailClaims,
];

/**
 * The claims of the contract, about one API with its default limits. The trusted proxy lets every request come from
 * an address of its own.
 */
export function contractSuite(name: string, environment: Environment, claims = allClaims): void {
  describe(`the contract on ${name}`, () => {
    let api: Api | undefined;
    let world: World | undefined;

    beforeAll(async () => {
      api = await startApi({
        TRUST_PROXY: '127.0.0.1/32',
        SIGNING_KEYS: JSON.stringify({ keys: [signingKey] }),
        ...withAdministrator,
        ...environment,
      });
      const admin = await signIn(api, administrator);
      const [writer, reader] = await Promise.all([newUser(api), newUser(api)]);
      world = { api, admin, writer, reader };
    });
    afterAll(() => api?.remove());

    const get = (): World => {
      if (!world) throw new Error('the API is not there yet');
      return world;
    };
    for (const claim of claims) claim(get);
  });
}
