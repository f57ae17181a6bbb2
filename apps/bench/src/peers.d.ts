// The peers that ship no types of their own: as much of them as is used here.

declare module 'cors' {
  import type { RequestHandler } from 'express';

  const cors: (options: {
    readonly origin: readonly string[];
    readonly credentials: boolean;
  }) => RequestHandler;
  export = cors;
}

declare module 'jsonwebtoken' {
  import type { KeyObject } from 'node:crypto';

  interface VerifyOptions {
    readonly algorithms: readonly string[];
    readonly issuer: string;
    readonly audience: string;
  }
  const jsonwebtoken: {
    verify(token: string, key: string | KeyObject, options: VerifyOptions): { sub: string };
  };
  export = jsonwebtoken;
}

declare module '@koa/cors' {
  import type { Context, Middleware } from 'koa';

  const cors: (options: {
    readonly origin: (ctx: Context) => string;
    readonly credentials: boolean;
  }) => Middleware;
  export = cors;
}

declare module 'koa-bodyparser' {
  import type { Middleware } from 'koa';

  const bodyParser: (options: { readonly jsonLimit: string }) => Middleware;
  export = bodyParser;
}

declare module 'koa-ratelimit' {
  import type { Context, Middleware } from 'koa';

  const ratelimit: (options: {
    readonly driver: 'memory';
    readonly db: Map<unknown, unknown>;
    readonly duration: number;
    readonly max: number;
    readonly id: (ctx: Context) => string;
  }) => Middleware;
  export = ratelimit;
}
