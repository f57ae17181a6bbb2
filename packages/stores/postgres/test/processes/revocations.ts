import {
  createAccessTokenIssuer,
  createKeyRing,
  createRefreshFamilies,
  createTokenVerifier,
  type RevocationEntry,
  type RotateResult,
  type TokenVerdict,
} from '@secapi/tokens';
import pg from 'pg';
import { fromPg, pgPoolOptions, postgresRefreshStore, postgresRevocations } from '../../src/index.js';

/*
 * One process of an API, told over IPC what to do. It runs by itself, bundled: see two-processes.test.ts.
 */

/** What the test tells a process. */
export type Order =
  | { readonly do: 'start'; readonly url: string; readonly jwk: object }
  | { readonly do: 'login' }
  | { readonly do: 'watch'; readonly token: string }
  | { readonly do: 'revoke'; readonly entry: RevocationEntry }
  | { readonly do: 'logout'; readonly session: string }
  | { readonly do: 'refresh'; readonly refreshToken: string };

/** What a process tells the test; `at` is the machine's clock in milliseconds. */
export interface Report {
  readonly at: number;
  readonly token?: string;
  readonly refreshToken?: string;
  readonly session?: string;
  readonly first?: TokenVerdict;
  readonly last?: TokenVerdict;
  readonly refreshed?: RotateResult;
}

type Api = Awaited<ReturnType<typeof start>>;

async function start({ url, jwk }: { url: string; jwk: object }) {
  const db = fromPg(new pg.Pool({ connectionString: url, max: 3, ...pgPoolOptions() }));
  const names = {
    keys: await createKeyRing({ keys: [jwk] }),
    issuer: 'https://api.example',
    audience: 'https://api.example',
  };
  const revocations = postgresRevocations(db);
  await revocations.start();
  return {
    revocations,
    families: createRefreshFamilies({ store: postgresRefreshStore(db) }),
    issuer: createAccessTokenIssuer(names),
    verifier: createTokenVerifier({
      ...names,
      algorithms: ['EdDSA'],
      type: 'at+jwt',
      maxLifetime: '15m',
      clockTolerance: '30s',
      revocations,
    }),
  };
}

/** Verifies a token again and again until it is refused, as the requests of a client would. */
async function watch({ verifier }: Api, token: string): Promise<Report> {
  const first = await verifier.verify(token);
  if (!first.ok) return { at: Date.now(), first };
  process.send?.({ at: Date.now(), first });
  const end = Date.now() + 20_000;
  let last: TokenVerdict = first;
  while (last.ok && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 2)); // the verdict is synchronous: without it nothing else would run
    last = await verifier.verify(token);
  }
  return { at: Date.now(), first, last };
}

let api: Api | undefined;

async function obey(order: Order): Promise<Report> {
  if (order.do === 'start') api = await start(order);
  if (!api) throw new Error('not started');
  if (order.do === 'login') {
    const { token: refreshToken, session } = await api.families.start({ subject: 'ann' });
    const { token } = await api.issuer.issue({ subject: 'ann', session: session.id });
    return { at: Date.now(), token, refreshToken, session: session.id };
  }
  if (order.do === 'watch') return watch(api, order.token);
  if (order.do === 'revoke') await api.revocations.revoke(order.entry);
  if (order.do === 'logout') await api.families.revoke(order.session);
  if (order.do === 'refresh') {
    return { at: Date.now(), refreshed: await api.families.rotate(order.refreshToken) };
  }
  return { at: Date.now() };
}

process.on('message', (order: Order) => {
  obey(order).then(
    (report) => process.send?.(report),
    (error) => {
      process.stderr.write(`${error}\n`);
      process.exit(1);
    },
  );
});
