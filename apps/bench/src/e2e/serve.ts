import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Framework, isFramework, isStack, type Stack } from './stack.js';
import type { World } from './world.js';

/** What a server's process tells. */
export type FromServer =
  | { readonly port: number }
  | { readonly cpu: NodeJS.CpuUsage; readonly memory: number };
/** What it is told. */
export type ToServer = { readonly world: World } | { readonly ask: 'usage' | 'stop' };

/** The whole of a server's process: told the world, it listens; asked, it tells what it used. */
export async function serve(framework: string | undefined, stack: string | undefined): Promise<void> {
  if (!isFramework(framework) || !isStack(stack)) throw new Error('usage: serve <framework> <stack>');
  process.on('disconnect', () => process.exit(0));
  process.on('message', (message: ToServer) => {
    if ('world' in message) void listen(framework, stack, message.world);
    else if (message.ask === 'usage') tell({ cpu: process.cpuUsage(), memory: process.memoryUsage().rss });
    else process.exit(0);
  });
}

async function listen(framework: Framework, stack: Stack, world: World): Promise<void> {
  const server = await build(framework, stack, world);
  server.keepAliveTimeout = 0; // the load keeps its connections between rounds
  server.listen(0, '127.0.0.1', () => tell({ port: (server.address() as AddressInfo).port }));
}

/** Only the framework that is measured is loaded. */
async function build(framework: Framework, stack: Stack, world: World): Promise<Server> {
  if (framework === 'express') return (await import('./express.js')).expressServer(stack, world);
  if (framework === 'fastify') return (await import('./fastify.js')).fastifyServer(stack, world);
  return (await import('./koa.js')).koaServer(stack, world);
}

function tell(message: FromServer): void {
  process.send?.(message);
}
