import type { Log, SecurityEvent } from '@secapi/audit';
import { createPolicy, type Policy } from '@secapi/policy';
import { createAccessTokenIssuer, createKeyRing, generateKey, memoryRevocations } from '@secapi/tokens';
import { secapi } from '../src/fetch.js';
import {
  createShield,
  type Principal,
  type RecommendedOptions,
  recommended,
  type Shield,
} from '../src/index.js';
import type { Permission, RouteSecurity } from '../src/route.js';

/** The moment at which tests take place. */
const noon = Date.UTC(2030, 0, 1, 12);

export const policy: Policy<Permission> = createPolicy({
  resources: { post: ['create', 'delete'], user: ['grant'] },
  conditions: { owner: (principal, post) => (post as { authorId: string }).authorId === principal.id },
  roles: {
    user: { grants: ['post:create', { permission: 'post:delete', when: 'owner' }] },
    admin: { inherits: ['user'], grants: ['post:*', 'user:*'] },
  },
});

/** A log line as a test sees it. */
export interface Line {
  readonly level: string;
  readonly message: string;
  readonly fields: object | undefined;
}

export interface World {
  readonly shield: Shield;
  readonly lines: Line[];
  readonly trail: SecurityEvent[];
  clock: number;
  /** A Bearer header for somebody with a role. */
  bearer(id: string, role?: string, authenticatedAt?: number): Promise<string>;
}

/** A shield with real tokens, a real policy and a clock that stands still. */
export async function world(options: Partial<RecommendedOptions<Principal>> = {}): Promise<World> {
  const lines: Line[] = [];
  const trail: SecurityEvent[] = [];
  const at = { now: noon };
  const now = (): number => at.now;
  const write = (level: string) => (message: string, fields?: object) =>
    void lines.push({ level, message, fields });
  const log: Log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  const keys = await createKeyRing({ keys: [await generateKey()] });
  const names = { issuer: 'https://api.test', audience: 'https://api.test' };
  const issuer = createAccessTokenIssuer({ keys, ...names, now });
  const roles = new Map<string, string>();
  const config = recommended<Principal>({
    origins: ['https://app.test'],
    tokens: { keys, ...names },
    policy,
    principal: ({ sub, sid, auth_time: at }) => ({
      id: sub,
      roles: [roles.get(sub) ?? 'user'],
      session: sid,
      ...(at === undefined ? {} : { authenticatedAt: at * 1_000 }),
    }),
    stores: { revocations: memoryRevocations({ now }) },
    trail: { append: async (events) => void trail.push(...events) },
    log,
    now,
    ...options,
  });
  return {
    shield: createShield(config),
    lines,
    trail,
    get clock() {
      return at.now;
    },
    set clock(time: number) {
      at.now = time;
    },
    async bearer(id, role = 'user', authenticatedAt) {
      roles.set(id, role);
      const { token } = await issuer.issue({ subject: id, session: `session-${id}`, authenticatedAt });
      return `Bearer ${token}`;
    },
  };
}

/** A request to the API under test, from this machine. */
export function request(path: string, init: RequestInit = {}): Request {
  return new Request(`http://localhost${path}`, init);
}

export const local = { peer: '127.0.0.1' };

export function json(body: unknown, headers: Record<string, string> = {}): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}

/** Sends requests to a route, and keeps what its handler saw. */
export async function seenBy(security: RouteSecurity): Promise<{
  seen: unknown[];
  lines: World['lines'];
  send(
    path: string,
    init?: RequestInit,
    params?: Record<string, string>,
  ): Promise<[number, Record<string, unknown>]>;
}> {
  const { shield, lines } = await world();
  const seen: unknown[] = [];
  const handler = secapi(shield).protect(security, ({ params, query, headers, cookies, body, files }) => {
    seen.push({ params, query, headers, cookies, body, files });
    return { ok: true };
  });
  return {
    seen,
    lines,
    async send(path, init, params = {}) {
      const response = await handler(request(path, init), { ...local, params });
      return [response.status, (await response.json()) as Record<string, unknown>];
    },
  };
}

/** Where a problem says that the input is wrong, and how. */
export const errorsOf = (problem: Record<string, unknown>): string[] =>
  ((problem.errors ?? []) as { path: string; code: string }[]).map(({ path, code }) => `${path} ${code}`);
