import { createAccounts, type PasswordRules as NewPasswordRules } from '@secapi/accounts';
import {
  belongsInTrail,
  createJsonLog,
  createTrail,
  type Log,
  logEvent,
  type SecurityEvent,
  type Trail,
} from '@secapi/audit';
import {
  createBreachCheck,
  createHttpRange,
  createPasswordHasher,
  createPasswordRules,
  withBreachCheck,
} from '@secapi/hashing';
import { systemClock as now, SecapiError } from '@secapi/kernel';
import {
  type Database,
  migrate,
  ping,
  postgresOneTimeStore,
  postgresRefreshStore,
  postgresRevocations,
  postgresTrailStore,
} from '@secapi/postgres';
import { createRedactor } from '@secapi/redaction';
import { createSanitizer, createSanitizerPool } from '@secapi/sanitize';
import { createRunner } from '@secapi/sql';
import { createAccessTokenIssuer, createOneTimeTokens, createRefreshFamilies } from '@secapi/tokens';
import type { Config } from './config.js';
import { createAccountStore } from './domain/accounts.js';
import { migrations } from './domain/migrations.js';
import { createPictures } from './domain/pictures.js';
import { createPosts } from './domain/posts.js';
import type { App } from './frameworks/serve.js';
import { ensureAdmin } from './parts/admin.js';
import { openDatabase } from './parts/databases.js';
import { createEventCollector } from './parts/event-collector.js';
import { type Keys, openKeys } from './parts/keys.js';
import { createOutbox } from './parts/outbox.js';
import { createPrincipals } from './parts/principals.js';
import type { AppSecrets } from './parts/secrets.js';
import { openShared } from './parts/shared-state.js';
import { adminRoutes } from './routes/admin.js';
import { authRoutes } from './routes/auth.js';
import { browserRoutes } from './routes/browsers.js';
import { createWithin } from './routes/flows.js';
import { keyRoutes } from './routes/keys.js';
import { limitRoutes } from './routes/limits.js';
import { passwordRoutes } from './routes/passwords.js';
import { pictureRoutes } from './routes/picture.js';
import { postRoutes } from './routes/posts.js';
import { systemRoutes } from './routes/system.js';
import { createSecurity, tokenNames } from './security.js';

/** The API without its framework, and how it ends. */
export interface Services {
  readonly app: App;
  readonly log: Log;
  readonly keys: Keys;
  /** Waits for mails and the trail, then closes every connection. */
  close(): Promise<void>;
}

/** Opens everything that the API stands on; what was opened is closed again when something fails. */
export async function openServices(config: Config, secrets: AppSecrets): Promise<Services> {
  const redactor = createRedactor();
  const log = createJsonLog({ write: (line) => void process.stdout.write(`${line}\n`), redactor });
  const closing: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of closing.reverse().splice(0)) await end();
  };
  try {
    const opened = await openApp(config, secrets, log, closing);
    return { ...opened, log, close };
  } catch (error) {
    await close().catch(() => {}); // the first error is the one to tell of
    throw error;
  }
}

async function openApp(
  config: Config,
  secrets: AppSecrets,
  log: Log,
  closing: (() => Promise<unknown>)[],
): Promise<Pick<Services, 'app' | 'keys'>> {
  const startedAt = now();
  const threads = createSanitizerPool({ timeLimit: '3s' }); // less than a stop may take
  const sanitizer = createSanitizer({ pool: threads });
  closing.push(() => threads.close());
  // a second and a half in a thread, beside all that follows: better now than in somebody's first post
  const sanitizing = threads.load();
  sanitizing.catch(() => {}); // it is awaited below, unless something else fails first
  const database = await openDatabase(config.databaseUrl);
  closing.push(() => database.close());
  await migrate(database, migrations).catch(databaseOutOfReach);
  const signing = await openKeys(config, secrets, database, log);
  closing.push(signing.close);
  const keys = signing.ring;
  const shared = await openShared(config, secrets, log, () => openRevocations(database, closing));
  closing.push(shared.close);

  const trail = createTrail({ store: postgresTrailStore(database) });
  closing.push(() => trail.flush());
  const accounts = createAccountStore(database);
  const principals = createPrincipals(accounts, now);
  const collector = createEventCollector((event) => void record(event, trail, log));
  const hasher = createPasswordHasher({ pepper: [{ id: 'p1', key: secrets.pepper }] });
  const passwordRules = passwordRulesOf(config, log);
  const flows = createAccounts({
    store: accounts,
    hasher,
    passwordRules,
    sessions: createRefreshFamilies({
      store: postgresRefreshStore(database),
      idleLifetime: '14d',
      absoluteLifetime: '90d',
      grace: '2s',
    }),
    issuer: createAccessTokenIssuer({ keys, ...tokenNames, lifetime: '15m' }),
    oneTime: createOneTimeTokens({ store: postgresOneTimeStore(database) }),
    revocations: shared.revocations,
    // More than a hundred guesses are never allowed (NIST SP 800-63B-4 §3.2.2).
    lockout: { ...shared.lockout, limit: Math.min(config.loginLimit, 100) },
    ...shared.mailBudget,
    devices: { key: secrets.deviceKey },
    mailer: createOutbox(config.outbox),
    service: 'the posts service',
    links: { baseUrl: config.publicUrl },
    onEvent: collector.collect,
    onError: (error) => log.error('work in the background failed', { error }),
  });
  closing.push(() => flows.idle());
  if (config.admin)
    await ensureAdmin(config.admin, { accounts, hasher, passwordRules, production: config.production });

  const { limits, revocations } = shared;
  const shield = createSecurity(config, {
    keys,
    principals,
    revocations,
    limits,
    trail,
    log,
  });
  const within = createWithin(collector);
  const routes = [
    ...systemRoutes({
      keys,
      checks: [['database', () => answers(ping(database))], ...shared.checks],
      publicUrl: config.publicUrl,
      production: config.production,
      startedAt,
    }),
    ...authRoutes(flows, within, (id) => accounts.findById(id)),
    ...passwordRoutes(flows, within),
    ...(signing.managed ? keyRoutes(signing.managed) : []),
    ...limitRoutes(shield.limits),
    ...pictureRoutes(createPictures(createRunner(database))),
    ...postRoutes(createPosts(createRunner(database), now), sanitizer),
    ...adminRoutes(accounts, principals, trail),
  ];
  routes.push(...browserRoutes(routes, config.production));
  await sanitizing;
  return { app: { shield, routes, undeclared: neverRuns }, keys: signing };
}

/** The rules for new passwords; where there is a source of breached ones, it is asked as well, and an outage of it stops nobody. */
function passwordRulesOf({ breachedPasswordsUrl: url }: Config, log: Log): NewPasswordRules {
  const rules = createPasswordRules({ contextWords: ['secapi'] });
  if (url === undefined) return rules;
  const report = (error: unknown): void => log.warn('a password was not checked for breaches', { error });
  const range = createHttpRange({ url });
  return withBreachCheck(rules, createBreachCheck({ range, onUnavailable: 'allow', report }));
}

async function openRevocations(database: Database, closing: (() => Promise<unknown>)[]) {
  const revocations = postgresRevocations(database);
  await revocations.start();
  closing.push(() => revocations.close());
  return revocations;
}

/** Writes an event that no request waits for. */
async function record(event: SecurityEvent, trail: Trail, log: Log): Promise<void> {
  logEvent(log, event);
  if (!belongsInTrail(event)) return;
  await trail
    .append([event])
    .catch((error: unknown) => log.error('an event did not reach the trail', { error }));
}

async function answers(question: Promise<unknown>): Promise<boolean> {
  return question.then(
    () => true,
    () => false,
  );
}

function databaseOutOfReach(error: unknown): never {
  if (!(error instanceof SecapiError) || error.code !== 'DATABASE_UNAVAILABLE') throw error;
  throw new SecapiError(error.code, 'DATABASE_URL names a database that does not answer', { cause: error });
}

function neverRuns(): never {
  throw new Error('the handler of a route without declared access ran');
}
