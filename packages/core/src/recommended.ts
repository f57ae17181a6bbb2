import { createJsonLog, type Log, type SecurityEvent } from '@secapi/audit';
import { type AddressList, createAddressList } from '@secapi/http';
import {
  type Clock,
  ConfigError,
  checkOptions,
  type Duration,
  type MaybePromise,
  type Size,
} from '@secapi/kernel';
import type { Policy } from '@secapi/policy';
import {
  createPenalties,
  createRateLimiter,
  type PenaltiesOptions,
  type PenaltyOptions,
  type RateLimiterOptions,
} from '@secapi/rate-limit';
import { createRedactor } from '@secapi/redaction';
import {
  type AccessClaims,
  type Algorithm,
  createTokenVerifier,
  type KeyRing,
  type RevocationStore,
} from '@secapi/tokens';
import type { JsonLimits } from '@secapi/validation';
import type { AdmissionOptions } from './admission.js';
import type { Guard } from './guard.js';
import { addresses } from './guards/addresses.js';
import { authenticate } from './guards/authenticate.js';
import { type CorsGuardOptions, cors } from './guards/cors.js';
import { type CsrfGuardOptions, csrf } from './guards/csrf.js';
import { type HeadersOptions, headers, hsts } from './guards/headers.js';
import { penalize } from './guards/penalties.js';
import { rateLimit } from './guards/rate-limit.js';
import { type TransportOptions, transport } from './guards/transport.js';
import { createLimitDesk, type LimitHeaders } from './limits/desk.js';
import { compileLimits, type LimitOptions } from './limits/limit.js';
import { logOften } from './log-often.js';
import type { Principal } from './principal.js';
import type { ErrorFormat } from './problem.js';
import type { ReporterOptions } from './reporter.js';
import type { Permission } from './route.js';
import type { ShieldConfig } from './shield.js';

/** How access tokens are verified; none of it is taken from a token. */
export interface TokenOptions {
  readonly keys: KeyRing;
  readonly issuer: string;
  readonly audience: string;
  /** @default the key ring's own, which are of one family */
  readonly algorithms?: readonly Algorithm[];
  /** Refuses tokens that live longer, whatever they say. @default '1h' */
  readonly maxLifetime?: Duration;
  /** @default '5s' */
  readonly clockTolerance?: Duration;
  /** Verified tokens to remember; 0 for none. @default 20,000 */
  readonly cache?: number;
}

/** What a user names; everything else has its safe value. */
export interface RecommendedOptions<P extends Principal = Principal> {
  /** The web origins that may call this API from a browser, exactly or as a pattern: `https://*.app.example`. */
  readonly origins: readonly string[];
  readonly tokens: TokenOptions;
  readonly policy?: Policy<Permission>;
  /** For a policy with relations: makes it with its facts, for one request: `() => withFacts(policy, loaders)`. */
  readonly facts?: NonNullable<AdmissionOptions['facts']>;
  /** The principal of verified claims: its roles, or nothing when it is gone. @default the subject, without roles */
  readonly principal?: (claims: AccessClaims) => MaybePromise<P | undefined>;
  /** @default `api`: 100 requests in 15 minutes for each client */
  readonly limits?: Readonly<Record<string, LimitOptions>>;
  /** Which header fields tell clients of their limits. @default 'draft' */
  readonly limitHeaders?: LimitHeaders;
  /** Delays, and then bans, clients that are past limits again and again. @default none: they are limited, and no more */
  readonly penalties?: PenaltyOptions;
  /** Addresses that are never limited, or always refused: CIDRs, or a list that can change. @default nobody */
  readonly addresses?: {
    readonly allow?: readonly string[] | AddressList;
    readonly deny?: readonly string[] | AddressList;
  };
  readonly stores?: {
    /** @default memory */
    readonly limits?: RateLimiterOptions['store'];
    /** @default memory */
    readonly penalties?: PenaltiesOptions['store'];
    /** @default none: tokens live until they expire */
    readonly revocations?: RevocationStore;
  };
  /** The networks whose forwarded headers count, as CIDR. @default none */
  readonly trustProxy?: readonly string[];
  /** How many proxies are before the server, where their addresses aren't known; see `createClientResolver`. @default none */
  readonly trustHops?: number;
  /** How many bits of an IPv6 address make one client, 32 to 64. @default 64 */
  readonly ipv6Prefix?: number;
  readonly hosts?: readonly string[];
  /** What becomes of plain HTTP; `pages` and `canonicalHost` are for redirects. @default 'refuse' */
  readonly httpsOnly?: TransportOptions['httpsOnly'];
  readonly pages?: readonly string[];
  readonly canonicalHost?: string;
  readonly headers?: HeadersOptions;
  readonly cors?: Omit<CorsGuardOptions, 'origins'>;
  readonly csrf?: Pick<CsrfGuardOptions, 'tokens' | 'session'>;
  /** @default '100kb' */
  readonly bodyLimit?: Size;
  readonly json?: JsonLimits;
  /** What errors of your own parts become, such as {@link constraintErrors}. @default none */
  readonly mapErrors?: ShieldConfig['mapErrors'];
  /** @default 'problem' */
  readonly errors?: ErrorFormat;
  /** @default one JSON line for each event and error, masked, to `console` */
  readonly log?: Log;
  readonly trail?: ReporterOptions['trail'];
  readonly listeners?: readonly ((event: SecurityEvent) => void)[];
  /** Guards of your own, each before or after one of secapi's. */
  readonly guards?: readonly ({ readonly guard: Guard } & (
    | { readonly before: string }
    | { readonly after: string }
  ))[];
  /** Guards that only report, by name. */
  readonly observe?: readonly string[];
  readonly now?: Clock;
}

const known = [
  'origins',
  'tokens',
  'policy',
  'facts',
  'principal',
  'limits',
  'limitHeaders',
  'penalties',
  'addresses',
  'stores',
  'trustProxy',
  'trustHops',
  'ipv6Prefix',
  'hosts',
  'httpsOnly',
  'pages',
  'canonicalHost',
  'headers',
  'cors',
  'csrf',
  'bodyLimit',
  'json',
  'mapErrors',
  'errors',
  'log',
  'trail',
  'listeners',
  'guards',
  'observe',
  'now',
];

/**
 * The whole checklist in one call: headers, transport, CORS, limits by client, authentication, limits by principal,
 * CSRF; and behind them the policy, strict input, safe errors, masked logs and the trail.
 *
 * @throws ConfigError for an unknown option and for everything unsafe
 */
export function recommended<P extends Principal = Principal>(
  options: RecommendedOptions<P>,
): ShieldConfig<P> {
  checkOptions('recommended', options, known);
  const { now, stores = {}, tokens } = options;
  checkOptions('tokens', tokens, [
    'keys',
    'issuer',
    'audience',
    'algorithms',
    'maxLifetime',
    'clockTolerance',
    'cache',
  ]);
  checkOptions('stores', stores, ['limits', 'penalties', 'revocations']);
  const clock = now ? { now } : {};
  const verifier = createTokenVerifier({
    keys: tokens.keys,
    algorithms: tokens.algorithms ?? tokens.keys.algorithms,
    issuer: tokens.issuer,
    audience: tokens.audience,
    type: 'at+jwt',
    maxLifetime: tokens.maxLifetime ?? '1h',
    clockTolerance: tokens.clockTolerance ?? '5s',
    ...(tokens.cache === 0 ? {} : { cache: { max: tokens.cache ?? 20_000 } }),
    ...(stores.revocations ? { revocations: stores.revocations } : {}),
    ...clock,
  });
  const log = options.log ?? consoleLog(clock);
  const limiter = createRateLimiter({
    // A store answers in milliseconds or says that it failed; a second is for an event loop that is busy itself.
    ...(stores.limits ? { store: stores.limits, deadline: '1s' } : {}),
    onStoreFailure: logOften(log, 'the store of limits failed, each process counts by itself', options.now),
    ...clock,
  });
  const penalties =
    options.penalties &&
    createPenalties({
      ...options.penalties,
      ...(stores.penalties ? { store: stores.penalties, deadline: '1s' } : {}),
      onStoreFailure: logOften(
        log,
        'the store of penalties failed, each process counts by itself',
        options.now,
      ),
      ...clock,
    });
  const desk = createLimitDesk(limiter, penalties, options.limitHeaders);
  const limits = compileLimits(
    options.limits ?? { api: { limit: 100, window: '15m' } },
    logOften(log, 'a plan could not be looked up, the limit holds as it is declared', options.now),
  );
  const onRequest = limits.filter((limit) => limit.on === 'request');
  const byClient = onRequest.filter((limit) => limit.subject.early);
  const byPrincipal = onRequest.filter((limit) => !limit.subject.early);
  const share = cors(
    { credentials: true, maxAge: '1d', ...options.cors, origins: options.origins },
    (error) => log.error('an origin could not be looked up, it was refused', { error }),
  );
  const guards: Guard[] = [
    headers(options.headers),
    transport({
      ...(options.trustProxy ? { trustProxy: options.trustProxy } : {}),
      ...(options.trustHops ? { trustHops: options.trustHops } : {}),
      ...(options.ipv6Prefix ? { ipv6Prefix: options.ipv6Prefix } : {}),
      ...(options.hosts ? { hosts: options.hosts } : {}),
      httpsOnly: options.httpsOnly ?? true,
      ...(options.pages ? { pages: options.pages } : {}),
      ...(options.canonicalHost ? { canonicalHost: options.canonicalHost } : {}),
      onProxyProblem: ({ message, ...problem }) => log.warn(message, problem),
    }),
    hsts(options.headers),
    ...(options.addresses ? [addresses(listsOf(options.addresses))] : []),
    share,
    ...(penalties ? [penalize(penalties)] : []),
    ...(byClient.length > 0 ? [rateLimit('limits by client', byClient, desk)] : []),
    authenticate<P>({ verifier, ...(options.principal ? { principal: options.principal } : {}) }),
    ...(byPrincipal.length > 0 ? [rateLimit('limits by principal', byPrincipal, desk)] : []),
    csrf({ ...options.csrf, trustedOrigins: options.origins, trusts: share.trusts }),
  ];
  return {
    guards: withOwn(guards, options.guards ?? []),
    observe: options.observe ?? [],
    policy: options.policy,
    ...(options.facts ? { facts: options.facts } : {}),
    desk,
    limits,
    ...(options.ipv6Prefix ? { ipv6Prefix: options.ipv6Prefix } : {}),
    bodyLimit: options.bodyLimit,
    json: options.json,
    ...(options.mapErrors ? { mapErrors: options.mapErrors } : {}),
    errors: options.errors ?? 'problem',
    log,
    ...(options.trail ? { trail: options.trail } : {}),
    ...(options.listeners ? { listeners: options.listeners } : {}),
    ...clock,
  };
}

function listsOf({ allow, deny }: NonNullable<RecommendedOptions['addresses']>) {
  return { ...(allow && { allow: listOf(allow) }), ...(deny && { deny: listOf(deny) }) };
}

function listOf(list: readonly string[] | AddressList): AddressList {
  return 'has' in list ? list : createAddressList(list);
}

function consoleLog(clock: { now?: Clock }): Log {
  // biome-ignore lint/suspicious/noConsole: the one place that knows it, the default of an option that applications set
  return createJsonLog({ write: (line) => console.log(line), redactor: createRedactor(), ...clock });
}

function withOwn(guards: readonly Guard[], own: NonNullable<RecommendedOptions['guards']>): Guard[] {
  const all = [...guards];
  for (const entry of own) {
    const name = 'before' in entry ? entry.before : entry.after;
    const index = all.findIndex((guard) => guard.name === name);
    if (index < 0) {
      throw new ConfigError(
        'guards',
        `name '${name}', which isn't there`,
        `use one of ${all.map((guard) => guard.name).join(', ')}`,
      );
    }
    all.splice('before' in entry ? index : index + 1, 0, entry.guard);
  }
  return all;
}
