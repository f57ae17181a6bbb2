import {
  createAccessTokenIssuer,
  createKeyRing,
  createTokenVerifier,
  type RevocationEntry,
  type TokenVerdict,
} from '@secapi/tokens';
import { connectRedis, pingRedis, redisRevocations } from '../../src/index.js';

/*
 * One process of an API, told over IPC what to do. It runs by itself, bundled: see two-processes.test.ts.
 */

/** What the test tells a process. */
export type Order =
  | { readonly do: 'start'; readonly url: string; readonly jwk: object }
  | { readonly do: 'issue' }
  | { readonly do: 'watch'; readonly token: string }
  | { readonly do: 'revoke'; readonly entry: RevocationEntry };

/** What a process tells the test; `at` is the machine's clock in milliseconds. */
export interface Report {
  readonly at: number;
  readonly token?: string;
  readonly first?: TokenVerdict;
  readonly last?: TokenVerdict;
}

type Api = Awaited<ReturnType<typeof start>>;

async function start({ url, jwk }: { url: string; jwk: object }) {
  const redis = connectRedis(url);
  if (!(await pingRedis(redis, '10s')).ok) throw new Error('no Redis');
  const names = {
    keys: await createKeyRing({ keys: [jwk] }),
    issuer: 'https://api.example',
    audience: 'https://api.example',
  };
  const revocations = redisRevocations(redis, { deadline: '5s' });
  return {
    revocations,
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
  while (last.ok && Date.now() < end) last = await verifier.verify(token);
  return { at: Date.now(), first, last };
}

let api: Api | undefined;

async function obey(order: Order): Promise<Report> {
  if (order.do === 'start') api = await start(order);
  if (!api) throw new Error('not started');
  if (order.do === 'issue') {
    const { token } = await api.issuer.issue({ subject: 'ann', session: 'session-1' });
    return { at: Date.now(), token };
  }
  if (order.do === 'watch') return watch(api, order.token);
  if (order.do === 'revoke') await api.revocations.revoke(order.entry);
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
