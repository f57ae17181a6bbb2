import type { Log, SecurityEvent } from '@secapi/audit';
import {
  answer,
  constraintErrors,
  createShield,
  type Permission,
  type RecommendedOptions,
  recommended,
  reportReceiver,
  route,
  type Shield,
} from '@secapi/core';
import { createPolicy, type Policy } from '@secapi/policy';
import { createAccessTokenIssuer, createKeyRing, generateKey } from '@secapi/tokens';
import * as v from 'valibot';
import { declaredConstraint, failures } from './failures.js';
import { formAnswer, formRoute } from './form-route.js';
import { fuzzRoutes } from './fuzz/routes.js';
import type { HarnessRoute } from './harness.js';

/** The application that every adapter serves in the suite, and what it noted. */
export interface World {
  readonly shield: Shield;
  readonly routes: readonly HarnessRoute[];
  /** How often each handler ran, by its path. */
  readonly ran: Map<string, number>;
  readonly logged: { level: string; message: string; fields: object | undefined }[];
  /** The events of the trail. */
  readonly events: SecurityEvent[];
  /** All events. */
  readonly raised: SecurityEvent[];
  bearer(role?: 'user' | 'admin'): Promise<string>;
}

const policy: Policy<Permission> = createPolicy({
  resources: { post: ['create', 'delete'] },
  conditions: { owner: (principal, post) => (post as { owner: string }).owner === principal.id },
  roles: { user: { grants: [{ permission: 'post:delete', when: 'owner' }] }, admin: { grants: ['post:*'] } },
});

const Item = v.object({ id: v.string() });
const NewItem = v.strictObject({ name: v.pipe(v.string(), v.trim(), v.maxLength(50)) });
const ById = v.strictObject({ id: v.pipe(v.string(), v.maxLength(64)) });

/** Builds the world of a suite. */
export async function createWorld(options: Partial<RecommendedOptions> = {}): Promise<World> {
  const ran = new Map<string, number>();
  const logged: World['logged'] = [];
  const events: SecurityEvent[] = [];
  const raised: SecurityEvent[] = [];
  const write = (level: string) => (message: string, fields?: object) =>
    void logged.push({ level, message, fields });
  const log: Log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  const keys = await createKeyRing({ keys: [await generateKey()] });
  const names = { issuer: 'https://api.test', audience: 'https://api.test' };
  const issuer = createAccessTokenIssuer({ keys, ...names });
  const shield = createShield(
    recommended({
      origins: ['https://app.test'],
      tokens: { keys, ...names },
      policy,
      principal: ({ sub, sid }) => ({ id: sub, roles: [sub], session: sid }),
      trail: { append: async (list) => void events.push(...list) },
      log,
      listeners: [(event) => void raised.push(event)],
      mapErrors: [constraintErrors({ [declaredConstraint]: 'NAME_TAKEN' })],
      ...options,
      limits: {
        reports: { limit: 10_000, window: '15m', on: 'route' },
        ...(options.limits ?? { api: { limit: 10_000_000, window: '15m' } }),
      },
    }),
  );
  return {
    shield,
    routes: routesOf((path) => ran.set(path, (ran.get(path) ?? 0) + 1)),
    ran,
    logged,
    events,
    raised,
    bearer: async (role = 'user') =>
      `Bearer ${(await issuer.issue({ subject: role, session: `of-${role}` })).token}`,
  };
}

/** A route of the world; what is left out is as it is for most. */
export type RouteDraft = Omit<HarnessRoute, 'path' | 'run' | 'method' | 'style'> & Partial<HarnessRoute>;

function routesOf(note: (path: string) => void): HarnessRoute[] {
  function add(path: string, more: RouteDraft): HarnessRoute {
    const { run = () => ({ id: '1', secret: 'canary' }) } = more;
    return {
      method: 'GET',
      style: 'return',
      ...more,
      path,
      run(context) {
        note((more.under ?? '') + path);
        return run(context);
      },
    };
  }
  const open = route({ access: 'public', returns: Item });
  const bare = route({ access: 'public' });
  const html = ['content-type', 'text/html; charset=utf-8'] as const;
  const page = '<!doctype html><script nonce="{nonce}"></script>';
  const reports = reportReceiver({ limit: 'reports' });

  return [
    add('/open', { security: open }),
    add('/native', { security: open, style: 'native' }),
    add('/raw', { security: open, style: 'raw', run: () => 'canary' }),
    add('/raw-free', { security: bare, style: 'raw', run: () => 'free' }),
    add('/old', { security: bare, style: 'middleware', run: () => ({ old: true }) }),
    add('/old-guarded', {
      security: route({ access: 'post:create' }),
      style: 'middleware',
      run: () => ({ old: true }),
    }),
    add('/made', {
      method: 'POST',
      security: bare,
      run: () =>
        answer(201, { id: '2' }, [
          ['location', '/made/2'],
          ['set-cookie', 'made=1'],
        ]),
    }),
    add('/empty', { method: 'DELETE', security: bare, run: () => answer(204) }),
    add('/private/area', {
      security: route({ access: 'signed-in' }),
      run: (context) => ({ id: context?.principal?.id }),
    }),
    add('/admin', { security: route({ access: 'post:create' }) }),
    add('/owned/:id', {
      method: 'DELETE',
      security: route({
        access: 'post:delete',
        params: ById,
        owner: ({ params }) => (params.id === 'none' ? undefined : { owner: params.id }),
      }),
    }),
    add('/items', {
      method: 'POST',
      security: route({ access: 'public', body: NewItem }),
      run: (context) => ({ got: context?.body }),
    }),
    add('/parsed', {
      method: 'POST',
      security: route({ access: 'public', body: NewItem }),
      parsedByFramework: true,
      run: (context) => ({ got: context?.body }),
    }),
    add('/form', { method: 'POST', security: formRoute, run: formAnswer }),
    ...fuzzRoutes(add),
    add('/client', {
      security: bare,
      run: (context) => ({
        address: context?.exchange.client.address,
        host: context?.exchange.client.host,
        secure: context?.exchange.client.secure,
      }),
    }),
    add('/cookies', {
      security: bare,
      run: (context) => Object.fromEntries(context?.exchange.cookies() ?? [['none', 'believed']]),
    }),
    add('/others', {
      security: bare,
      style: 'native',
      headers: [
        ['Vary', 'Accept-Encoding'],
        ['Set-Cookie', 'theirs=1'],
      ],
      run: () => ({ id: '3' }),
    }),
    add('/named', {
      security: bare,
      style: 'native',
      headers: [
        ['Server', 'canary'],
        ['X-Powered-By', 'canary'],
      ],
      run: () => ({ id: '4' }),
    }),
    add('/page', {
      security: bare,
      run: (context) => answer(200, page.replace('{nonce}', context?.exchange.nonce() ?? ''), [html]),
    }),
    add('/page-native', { security: bare, style: 'page', run: () => page }),
    add('/page-stream', { security: bare, style: 'stream', run: () => page }),
    add('/page-stored', {
      security: bare,
      style: 'page',
      headers: [
        ['Cache-Control', 'public, max-age=60'],
        ['CDN-Cache-Control', 'max-age=600'],
      ],
      run: () => page,
    }),
    add('/page-plain', {
      security: bare,
      style: 'page',
      headers: [['Cache-Control', 'public, max-age=60']],
      run: () => '<!doctype html>',
    }),
    add('/page-unmodified', { security: bare, run: () => answer(304, undefined, [['etag', '"1"']]) }),
    add('/page-fails', {
      security: bare,
      style: 'page',
      headers: [['Content-Type', 'text/html']],
      run: () => {
        throw new Error('canary-in-error');
      },
    }),
    add('/reports', {
      method: 'POST',
      security: reports.route,
      run: (context) => reports.handler(context as Parameters<typeof reports.handler>[0]), // its own route's context
    }),
    add('/reports-parsed', {
      method: 'POST',
      security: reports.route,
      parsedByFramework: true,
      run: (context) => reports.handler(context as Parameters<typeof reports.handler>[0]),
    }),
    add('/throws', {
      security: bare,
      run: () => {
        throw new Error('canary-in-error');
      },
    }),
    add('/rejects', { security: bare, run: () => Promise.reject(new Error('canary-in-error')) }),
    add('/throws-native', {
      security: bare,
      style: 'native',
      run: () => {
        throw new Error('canary-in-error');
      },
    }),
    ...failing(add),
    add('/request', {
      security: bare,
      run: (context) => ({ id: context?.exchange.id, traceId: context?.exchange.traceId }),
    }),
    add('/leaves', { security: bare, run: untilGone }),
    add('/slow', {
      security: bare,
      run: () => new Promise((resolve) => setTimeout(resolve, 150, { id: 'slow' })),
    }),
    add('/undeclared/plain', { style: 'native' }),
    add('/undeclared/:id/deep', { style: 'native' }),
    add('/late', { style: 'native', late: true }),
    add('/inner', { style: 'native', under: '/nested' }),
    add('/inner-open', { security: open, under: '/nested' }),
  ];
}

/** Work that is given up once its client has gone, as what honours the request's signal does it. */
function untilGone(context: Parameters<HarnessRoute['run']>[0]): Promise<never> {
  const signal = context?.exchange.request.signal;
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** Routes that throw the failures, by their numbers: at once, later, from a handler that answers natively; and one after the other from an old handler. */
function failing(
  add: (path: string, more: Pick<HarnessRoute, 'run'> & Partial<HarnessRoute>) => HarnessRoute,
): HarnessRoute[] {
  const security = route({ access: 'public', params: ById });
  const made = (context: Parameters<HarnessRoute['run']>[0]): unknown => {
    const params = context?.params as { id: string } | undefined; // as ById has it
    return failures[Number(params?.id)]?.make();
  };
  const fail: HarnessRoute['run'] = (context) => {
    throw made(context);
  };
  let turn = 0;
  return [
    add('/fails/:id', { security, run: fail }),
    add('/rejects/:id', { security, run: (context) => Promise.reject(made(context)) }),
    add('/fails-native/:id', { security, style: 'native', run: fail }),
    add('/fails-old', {
      security: route({ access: 'public' }),
      style: 'middleware',
      run: () => {
        throw failures[turn++ % failures.length]?.make();
      },
    }),
  ];
}
