import { randomBytes } from 'node:crypto';
import {
  createAccessTokenIssuer,
  createManagedKeyRing,
  createOneTimeTokens,
  createRefreshFamilies,
  createTokenVerifier,
  type KeyStore,
  type OneTimeStore,
  type OneTimeTokens,
  type RefreshFamilies,
  type RefreshStore,
  type RevocationStore,
} from '@secapi/tokens';
import { rules, type Subject } from './reference.js';

/** The stores under test, empty, all going by the given clock. */
export interface SessionStores {
  readonly refresh: RefreshStore;
  readonly revocations: RevocationStore;
  readonly oneTime: OneTimeStore;
  readonly keys: KeyStore;
  close(): Promise<void>;
}

/** The real thing, and what it has handed out: in the same places as in the model. */
export interface System {
  readonly families: RefreshFamilies;
  readonly resets: OneTimeTokens;
  readonly canInspect: boolean;
  readonly sessions: { readonly id: string; readonly tokens: string[] }[];
  readonly accessTokens: string[];
  readonly resetTokens: string[];
  issue(subject: Subject, session: string): Promise<void>;
  /** What becomes of an access token: `ok`, or why it is refused. */
  verify(token: string): Promise<string>;
  /** Refuses the access tokens of a session from now on. */
  endAccess(session: string): Promise<void>;
  beginEpoch(subject: Subject): Promise<void>;
  rotateKeys(): Promise<void>;
  /** Lets a process look what the others did, as its timer would. */
  refreshKeys(): Promise<void>;
}

const api = 'https://api.example';
const seal = [{ id: 'seal', key: new Uint8Array(randomBytes(32)) }];

/** Puts the primitives together over the stores, as an API does: one process signs, another one verifies. */
export async function createSystem(stores: SessionStores, now: () => number): Promise<System> {
  const ring = {
    ...({ store: stores.keys, seal, rotateEvery: false, now } as const),
    publishFor: rules.publishFor / 1_000,
    verifyFor: rules.verifyFor / 1_000,
  };
  const signing = await createManagedKeyRing(ring);
  const verifying = await createManagedKeyRing(ring);
  const names = { issuer: api, audience: api, now };
  const issuer = createAccessTokenIssuer({ ...names, keys: signing, lifetime: rules.access / 1_000 });
  const verifier = createTokenVerifier({
    ...names,
    keys: verifying,
    algorithms: ['EdDSA'],
    type: 'at+jwt',
    maxLifetime: rules.access / 1_000,
    clockTolerance: 0,
    revocations: stores.revocations,
  });
  const accessTokens: string[] = [];

  return {
    families: createRefreshFamilies({
      store: stores.refresh,
      idleLifetime: rules.idle / 1_000,
      absoluteLifetime: rules.absolute / 1_000,
      grace: rules.grace / 1_000,
      now,
    }),
    resets: createOneTimeTokens({ store: stores.oneTime, now }),
    canInspect: stores.refresh.peek !== undefined,
    sessions: [],
    accessTokens,
    resetTokens: [],
    async issue(subject, session) {
      accessTokens.push((await issuer.issue({ subject, session })).token);
    },
    async verify(token) {
      const verdict = await verifier.verify(token);
      return verdict.ok ? 'ok' : verdict.reason;
    },
    endAccess: (session) =>
      stores.revocations.revoke({ kind: 'session', id: session, at: now(), until: now() + rules.access }),
    beginEpoch: (subject) =>
      stores.revocations.revoke({ kind: 'subject', id: subject, at: now(), until: now() + rules.access }),
    async rotateKeys() {
      await signing.rotate();
    },
    async refreshKeys() {
      await signing.refresh();
      await verifying.refresh();
    },
  };
}
