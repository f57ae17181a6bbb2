import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { audience, issuer, origin, requestsPerWindow, roleOf, type World } from './world.js';

const headers = [
  [
    'content-security-policy',
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  ],
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'DENY'],
  ['referrer-policy', 'no-referrer'],
  ['cross-origin-opener-policy', 'same-origin'],
  ['cross-origin-resource-policy', 'same-origin'],
  ['cache-control', 'no-store'],
] as const;

interface Seen {
  readonly subject: string;
  readonly expires: number;
}

/** What the floor says of a request: who it is from, or the status that ends it. */
export type FloorVerdict = { readonly subject: string } | { readonly status: number };

/** The least work that could do it: a loop of headers, one map for limits, one for tokens seen before. */
export function createFloor(
  world: World,
): (request: IncomingMessage, response: ServerResponse) => FloorVerdict {
  const counters = new Map<string, { count: number; until: number }>();
  const tokens = new Map<string, Seen>();

  function count(key: string, response: ServerResponse): boolean {
    const now = Date.now();
    let counter = counters.get(key);
    if (!counter || counter.until < now) {
      counter = { count: 0, until: now + 900_000 };
      counters.set(key, counter);
    }
    counter.count++;
    response.setHeader('ratelimit', `"api";r=${requestsPerWindow - counter.count};t=900`);
    return counter.count <= requestsPerWindow;
  }

  function verify(token: string): Seen | undefined {
    const digest = createHash('sha256').update(token).digest('base64url');
    const seen = tokens.get(digest);
    if (seen) return seen.expires > Date.now() ? seen : undefined;
    const [head = '', body = '', signature = ''] = token.split('.');
    const wanted = createHmac('sha256', world.secret).update(`${head}.${body}`).digest();
    const given = Buffer.from(signature, 'base64url');
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as {
      sub: string;
      iss: string;
      aud: string;
      exp: number;
    };
    if (claims.iss !== issuer || claims.aud !== audience) return undefined;
    const fresh = { subject: claims.sub, expires: claims.exp * 1_000 };
    tokens.set(digest, fresh);
    return fresh;
  }

  return function floor(request, response) {
    for (const [name, value] of headers) response.setHeader(name, value);
    if (request.headers.origin === origin) {
      response.setHeader('access-control-allow-origin', origin);
      response.setHeader('vary', 'Origin');
    } else if (request.method !== 'GET') return { status: 403 };
    if (!count(request.socket.remoteAddress ?? '', response)) return { status: 429 };
    const seen = verify(request.headers.authorization?.slice(7) ?? '');
    if (!seen) return { status: 401 };
    if (request.method !== 'GET' && roleOf(seen.subject) !== 'member') return { status: 403 };
    return { subject: seen.subject };
  };
}

/** A body as somebody in a hurry checks it. */
export function isDraft(value: unknown): value is { title: string; html: string } {
  if (typeof value !== 'object' || value === null) return false;
  const { title, html } = value as { title?: unknown; html?: unknown };
  return (
    Object.keys(value).length === 2 &&
    typeof title === 'string' &&
    title.length > 0 &&
    title.length <= 200 &&
    typeof html === 'string' &&
    html.length > 0
  );
}
