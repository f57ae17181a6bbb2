import { createJsonLog, createTrail, memoryTrailStore } from '@secapi/audit';
import {
  createShield,
  type Principal,
  type Route,
  recommended,
  route,
  type Shield,
  type ShieldConfig,
} from '@secapi/core';
import { createPolicy } from '@secapi/policy';
import { createRedactor } from '@secapi/redaction';
import { createKeyRing, type JWK, memoryRevocations } from '@secapi/tokens';
import { Draft, PostView } from './posts.js';
import { audience, issuer, origin, requestsPerWindow, roleOf } from './world.js';

/** Everything on: limits by client and by principal, revocations, the trail, the masked log, the policy. */
export async function everything(key: JWK): Promise<ShieldConfig<Principal>> {
  const policy = createPolicy({
    resources: { post: ['read', 'create'] },
    roles: { guest: { grants: ['post:read'] }, member: { grants: ['post:read', 'post:create'] } },
  });
  const revocations = memoryRevocations();
  // A revocation that concerns nobody here, so that the store isn't asked in vain.
  await revocations.revoke({
    kind: 'session',
    id: 'session-of-nobody',
    at: Date.now(),
    until: Date.now() + 3_600_000,
  });
  return recommended<Principal>({
    origins: [origin],
    tokens: { keys: await createKeyRing({ keys: [key] }), issuer, audience },
    policy,
    principal: ({ sub, sid }) => ({ id: sub, roles: [roleOf(sub)], session: sid }),
    limits: {
      api: { limit: requestsPerWindow, window: '15m' },
      user: { limit: requestsPerWindow, window: '15m', by: 'principal' },
    },
    stores: { revocations },
    trail: createTrail({ store: memoryTrailStore() }),
    log: createJsonLog({ write: sink, redactor: createRedactor() }),
  });
}

export async function everythingOn(key: JWK): Promise<Shield<Principal>> {
  return createShield(await everything(key));
}

const written = { characters: 0 };

/** Where log lines go: counted, so that none is optimised away. */
function sink(line: string): void {
  written.characters += line.length;
}

export const readPost: Route<'post:read', undefined, undefined, undefined, undefined> = route({
  access: 'post:read',
  returns: PostView,
});

export const createPost: Route<'post:create', undefined, undefined, typeof Draft, undefined> = route({
  access: 'post:create',
  body: Draft,
  returns: PostView,
});
